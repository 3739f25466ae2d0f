package main

import (
	"context"
	"os"
)

// The shop of the library's own examples: two sessions in a list.
func Example_list() {
	if err := list(context.Background(), os.Stdout, "../../heap/testdata/shop.heapsnapshot"); err != nil {
		panic(err)
	}
	// Output:
	// global    1  4144 B
	// Array     1  4080 B
	// Session   2  4000 B
	// (string)  1  24 B
}
