//go:build unix

package leaktest

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Example is a pair of servers below examples/leaks: one leaks, its twin
// answers the same and does not.
type Example struct {
	Dir    string `json:"dir"`
	Leaky  string `json:"leaky"`  // the server's file; leaky.js when left out
	Fixed  string `json:"fixed"`  // fixed.js
	Worker bool   `json:"worker"` // the leak is in a worker thread
	NPM    bool   `json:"npm"`    // has dependencies to install
	Asked  bool   `json:"asked"`  // snapshots do not count it: the program must be asked
	Leaks  []Leak `json:"leaks"`
}

// Leak is what must be said of an example.
type Leak struct {
	Variable   string  `json:"variable"` // "" where the program has none: the callback is named
	Name       string  `json:"name"`     // the way to what grows; Variable when left out
	File       string  `json:"file"`     // below the example's folder; its leaky file when left out
	Line       int     `json:"line"`
	Function   string  `json:"function"` // around the declaration, "" for none
	Cause      string  `json:"cause"`
	PerRequest float64 `json:"perRequest"` // 1 when left out
}

// Examples reads the table of examples, expected.json in the folder dir.
func Examples(dir string) ([]Example, error) {
	data, err := os.ReadFile(filepath.Join(dir, "expected.json"))
	if err != nil {
		return nil, fmt.Errorf("read the table of examples: %w", err)
	}
	var examples []Example
	if err := json.Unmarshal(data, &examples); err != nil {
		return nil, fmt.Errorf("read the table of examples: %w", err)
	}
	for i := range examples {
		ex := &examples[i]
		or(&ex.Leaky, "leaky.js")
		or(&ex.Fixed, "fixed.js")
		for j := range ex.Leaks {
			l := &ex.Leaks[j]
			or(&l.File, ex.Leaky)
			or(&l.Name, l.Variable)
			if l.PerRequest == 0 {
				l.PerRequest = 1
			}
		}
	}
	return examples, nil
}

func or(s *string, value string) {
	if *s == "" {
		*s = value
	}
}

// Folder is where to run the example from, dir being examples/leaks. The
// dependencies of one that has any are installed, once, beside a copy of it in
// the user's cache folder: nothing is written into dir.
func (ex *Example) Folder(ctx context.Context, dir string) (string, error) {
	from, err := filepath.Abs(filepath.Join(dir, ex.Dir))
	if err != nil || !ex.NPM {
		return from, err
	}
	manifest, err := os.ReadFile(filepath.Join(from, "package.json"))
	if err != nil {
		return "", fmt.Errorf("install example %s: %w", ex.Dir, err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("install example %s: %w", ex.Dir, err)
	}
	to := filepath.Join(cache, "plumb", "examples", fmt.Sprintf("%s-%x", ex.Dir, sha256.Sum256(manifest))[:len(ex.Dir)+9])
	if _, err := os.Stat(filepath.Join(to, "node_modules")); err != nil {
		if err := install(ctx, from, to); err != nil {
			return "", fmt.Errorf("install example %s: %w", ex.Dir, err)
		}
	}
	for _, file := range []string{ex.Leaky, ex.Fixed} { // they may have changed since
		source, err := os.ReadFile(filepath.Join(from, file))
		if err != nil {
			return "", fmt.Errorf("install example %s: %w", ex.Dir, err)
		}
		if err := writeWhole(filepath.Join(to, file), source); err != nil {
			return "", fmt.Errorf("install example %s: %w", ex.Dir, err)
		}
	}
	return to, nil
}

// install makes the folder to with the dependencies of the one in from, whole
// or not at all.
func install(ctx context.Context, from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(filepath.Dir(to), ".install-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	if err := os.CopyFS(filepath.Join(temp, "app"), os.DirFS(from)); err != nil {
		return err
	}
	npm := exec.CommandContext(ctx, "npm", "install", "--omit=dev", "--no-audit", "--no-fund", "--ignore-scripts")
	npm.Dir = filepath.Join(temp, "app")
	if out, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm install: %w: %s", err, out)
	}
	if err := os.Rename(npm.Dir, to); err != nil && !os.IsExist(err) {
		return err
	}
	return nil
}

// writeWhole replaces a file at once: another test may be reading it.
func writeWhole(path string, data []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".source-")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	if _, err := temp.Write(data); err != nil {
		temp.Close()
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
