package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// cacheDir is where packages from npm are kept between runs.
func cacheDir(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip("no folder for packages:", err)
	}
	dir := filepath.Join(cache, "plumb-conformance")
	if err := os.MkdirAll(filepath.Join(dir, "engine"), 0o700); err != nil {
		t.Skip("no folder for packages:", err)
	}
	return dir
}

// npmInstall installs what dir/package.json asks for, or the packages named
// in specs, unless a package of the name is in dir already.
func npmInstall(t *testing.T, dir, name string, specs ...string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, "node_modules", name)); err == nil {
		return
	}
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("npm is not installed (on Debian: apt-get install npm)")
	}
	args := append([]string{"install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", dir}, specs...)
	if out, err := exec.Command("npm", args...).CombinedOutput(); err != nil {
		t.Skipf("npm install %s: %v\n%s", name, err, out)
	}
}

// run runs a program that must succeed.
func run(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skip(err)
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}
