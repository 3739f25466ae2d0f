package linttest

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// cache is a folder that stays between runs.
func cache(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.UserCacheDir()
	if err != nil {
		t.Skipf("no cache folder: %v", err)
	}
	dir = filepath.Join(dir, "plumb", "lint", name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Install installs packages (name@version) under a name and returns their
// node_modules.
func Install(t testing.TB, name string, packages ...string) string {
	t.Helper()
	dir := cache(t, name)
	modules := filepath.Join(dir, "node_modules")
	mark := filepath.Join(dir, strings.NewReplacer("/", "_").Replace(strings.Join(packages, " ")))
	if _, err := os.Stat(mark); err == nil {
		return modules
	}
	args := append([]string{"install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", dir}, packages...)
	if out, err := exec.Command("npm", args...).CombinedOutput(); err != nil {
		t.Skipf("npm install %v: %v\n%s", packages, err, out)
	}
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return modules
}

// Corpus lists the sources of the server packages, what they depend on left
// out.
func Corpus(t testing.TB) []string {
	t.Helper()
	var files []string
	for _, name := range servers {
		root := unpack(t, name)
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && source[filepath.Ext(path)] {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// CorpusRoots are the folders of the packages.
func CorpusRoots(t testing.TB) []string {
	t.Helper()
	var roots []string
	for _, name := range servers {
		roots = append(roots, unpack(t, name))
	}
	return roots
}

var source = map[string]bool{
	".js": true, ".cjs": true, ".mjs": true, ".jsx": true, ".ts": true, ".mts": true, ".cts": true, ".tsx": true,
}

// unpack fetches one package without its dependencies.
func unpack(t testing.TB, name string) string {
	t.Helper()
	all := cache(t, "servers")
	dir := filepath.Join(all, strings.NewReplacer("/", "+").Replace(name))
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	temp, err := os.MkdirTemp(all, "unpack")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(temp)
	pack := exec.Command("npm", "pack", "--silent", name)
	pack.Dir = temp
	if out, err := pack.CombinedOutput(); err != nil {
		t.Skipf("npm pack %s: %v\n%s", name, err, out)
	}
	tarballs, _ := filepath.Glob(filepath.Join(temp, "*.tgz"))
	if len(tarballs) != 1 {
		t.Fatalf("npm pack %s left %v", name, tarballs)
	}
	target := filepath.Join(temp, "out")
	if err := os.Mkdir(target, 0o700); err != nil {
		t.Fatal(err)
	}
	// Some archives have folders that cannot be entered; a+rX mends them.
	if out, err := exec.Command("tar", "-xzf", tarballs[0], "-C", target, "--strip-components=1", "--mode=u+rwX").CombinedOutput(); err != nil {
		t.Fatalf("unpack %s: %v\n%s", name, err, out)
	}
	// The tests of another package may have been faster.
	if err := os.Rename(target, dir); err != nil && !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
	return dir
}
