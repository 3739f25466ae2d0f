// Command gen writes a synthetic heap snapshot for benchmarks.
//
//	go run ./test/bench/gen -gb 0.1 big.heapsnapshot
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/plumb-dev/plumb/test/bench/snapgen"
)

func main() {
	gb := flag.Float64("gb", 0.1, "size of the file in GB (1e9 bytes)")
	seed := flag.Uint64("seed", 1, "another seed gives another heap")
	strings := flag.Bool("strings", false, "nearly all bytes are strings")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: gen [flags] FILE")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	o := snapgen.Options{Bytes: int64(*gb * 1e9), Seed: *seed, Strings: *strings}
	if err := snapgen.Write(flag.Arg(0), o); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}
