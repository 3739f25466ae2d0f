//go:build unix

package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/plumb-dev/plumb/test/bench/snapgen"
)

//go:embed heap.js
var program string

// prepare makes the snapshots that the cache lacks and returns all paths.
func prepare(ctx context.Context, o options) ([]string, error) {
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return nil, fmt.Errorf("make cache: %w", err)
	}
	var files []string
	add := func(name string, write func(path string) error) error {
		path := filepath.Join(o.dir, name+".heapsnapshot")
		files = append(files, path)
		if _, err := os.Stat(path); err == nil {
			return nil
		}
		fmt.Fprintf(os.Stderr, "make %s\n", path)
		return write(path)
	}
	if o.node {
		if err := add("node", func(path string) error { return capture(ctx, path) }); err != nil {
			return nil, err
		}
	}
	for _, text := range strings.FieldsFunc(o.sizes, func(r rune) bool { return r == ',' }) {
		gb, err := strconv.ParseFloat(text, 64)
		if err != nil || gb <= 0 {
			return nil, fmt.Errorf("size %q: not a number of GB", text)
		}
		err = add(text+"gb", func(path string) error {
			return snapgen.Write(path, snapgen.Options{Bytes: int64(gb * 1e9), Seed: 1})
		})
		if err != nil {
			return nil, err
		}
	}
	if o.strings > 0 {
		err := add(fmt.Sprintf("strings-%ggb", o.strings), func(path string) error {
			return snapgen.Write(path, snapgen.Options{Bytes: int64(o.strings * 1e9), Seed: 1, Strings: true})
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// capture has a Node program fill its heap and write a snapshot.
func capture(ctx context.Context, path string) error {
	temp := path + ".tmp"
	defer os.Remove(temp)
	cmd := exec.CommandContext(ctx, "node", "-e", program, temp)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("take a snapshot with node: %w", err)
	}
	return os.Rename(temp, path)
}
