//go:build unix

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/test/bench/snapgen"
)

// TestMain lets the test binary be the child process that measures.
func TestMain(m *testing.M) {
	if slices.Contains(os.Args, "-child") {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestMeasure holds that a run fills every column; it says nothing of time.
func TestMeasure(t *testing.T) {
	file := filepath.Join(t.TempDir(), "small.heapsnapshot")
	if err := snapgen.Write(file, snapgen.Options{Bytes: 1e6}); err != nil {
		t.Fatal(err)
	}
	r, err := measure(t.Context(), options{runs: 1}, file, []peer{{
		Name:   "other",
		refuse: func(int64) string { return "not today" },
	}})
	if err != nil {
		t.Fatal(err)
	}
	if r.Bytes < 1e6 || r.Open.Nodes == 0 || r.Open.Edges == 0 || r.Total.CPU == 0 || r.Total.RSS == 0 {
		t.Errorf("not measured: %+v", r)
	}
	for _, p := range phases {
		if r.Open.Phases[p].Wall == 0 {
			t.Errorf("phase %q took no time", p)
		}
	}
	if r.IndexBytes == 0 || r.Reopen.Open.Wall == 0 {
		t.Errorf("index: %d bytes, re-open %+v", r.IndexBytes, r.Reopen)
	}
	if left, _ := os.ReadDir(filepath.Dir(file)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}

	var out bytes.Buffer
	report(&out, r, true)
	summary(&out, []result{r})
	for line := range strings.Lines(out.String()) {
		if len(line) > 101 {
			t.Errorf("%d columns: %s", len(line)-1, line)
		}
	}
	if !strings.Contains(out.String(), "not today") {
		t.Errorf("no reason for the peer: %s", out.String())
	}
}
