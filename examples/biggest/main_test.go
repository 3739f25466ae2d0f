package main

import (
	"context"
	"os"
	"path/filepath"
)

// The shop of the library's own examples: two sessions in a list.
func Example_list() {
	dir, err := os.MkdirTemp("", "biggest-") // an index is written beside a snapshot
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	snapshot, err := os.ReadFile("../../heap/testdata/shop.heapsnapshot")
	if err != nil {
		panic(err)
	}
	path := filepath.Join(dir, "shop.heapsnapshot")
	if err := os.WriteFile(path, snapshot, 0o600); err != nil {
		panic(err)
	}
	if err := list(context.Background(), os.Stdout, path); err != nil {
		panic(err)
	}
	// Output:
	// global    1  4144 B
	// Array     1  4080 B
	// Session   2  4000 B
	// (string)  1  24 B
}
