//go:build conformance

package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// compared counts snapshots and answers over all tests.
var compared struct{ snapshots, answers atomic.Int64 }

func TestMain(m *testing.M) {
	code := m.Run()
	fmt.Printf("compared %d answers about %d snapshots with the DevTools engine\n", compared.answers.Load(), compared.snapshots.Load())
	os.Exit(code)
}

// TestConformance compares everything on fresh snapshots, or on those in the
// folder that PLUMB_SNAPSHOTS names.
func TestConformance(t *testing.T) {
	if dir := os.Getenv("PLUMB_SNAPSHOTS"); dir != "" {
		compareAll(t, dir)
		return
	}
	for _, version := range []string{"20", "22", "24", "26"} {
		t.Run("node"+version, func(t *testing.T) {
			dir := t.TempDir()
			capture(t, nodeBinary(t, version), dir, "n"+version)
			compareAll(t, dir)
		})
	}
	t.Run("chromium", func(t *testing.T) {
		dir := t.TempDir()
		capturePage(t, dir)
		compareAll(t, dir)
	})
	t.Run("bun", func(t *testing.T) {
		dir := t.TempDir()
		captureOther(t, dir, "bun", "@oven/bun-linux-x64", "bin/bun")
		compareAll(t, dir)
	})
	t.Run("deno", func(t *testing.T) {
		dir := t.TempDir()
		t.Setenv("DENO_DIR", t.TempDir())
		captureOther(t, dir, "deno", "@deno/linux-x64-glibc", "deno", "run", "-A", "--no-lock")
		compareAll(t, dir)
	})
}

// TestConformanceRandom compares everything on small snapshots that no program
// would make.
func TestConformanceRandom(t *testing.T) {
	dir := t.TempDir()
	for seed := range randomSeeds() {
		for i, text := range randomSnapshots(seed) {
			file := filepath.Join(dir, fmt.Sprintf("random%d-%d.heapsnapshot", seed, i))
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	compareAll(t, dir)
}

// compareAll compares all answers about the snapshots in dir.
func compareAll(t *testing.T, dir string) {
	t.Helper()
	e := startEngine(t)
	for _, process := range group(t, dir) {
		var base *subject
		for i, file := range process {
			s := &subject{file: file, name: fmt.Sprintf("snapshot%d", i%2), base: base}
			base = nil
			t.Run(strings.TrimSuffix(filepath.Base(file), ".heapsnapshot"), func(t *testing.T) {
				if err := e.load(file, s.name); errors.Is(err, errRefused) {
					t.Skip(err) // DevTools has no answers about this one
				} else if err != nil {
					t.Fatal(err)
				}
				base = s
				compareOne(t, e, *s)
			})
		}
	}
}

func compareOne(t *testing.T, e *engine, s subject) {
	compareNodes(t, e, s, "--csv", true)
	compareNodes(t, e, s, "--ndjson", false)
	details, err := s.details(e, 6)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range slices.Concat(s.overviews(), s.searches(), details) {
		compareView(t, e, v)
	}
	compared.snapshots.Add(1)
}

func compareView(t *testing.T, e *engine, v view) {
	want, err := e.ask(v.ask)
	if errors.Is(err, errRefused) {
		t.Logf("%s: no answer to compare with: %v", v, err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	args := slices.Concat(v.args[:1], []string{"--json"}, v.args[1:])
	got, err := plumbHeap(args...)
	if err != nil {
		t.Errorf("%s: %v", v, err)
		return
	}
	found, err := differences(want, got)
	if err != nil {
		t.Errorf("%s: %v", v, err)
	}
	if len(found) > 0 {
		t.Errorf("%s\n\t%s", v, strings.Join(found, "\n\t"))
	}
	compared.answers.Add(1)
}

// compareNodes compares the table of nodes, byte by byte.
func compareNodes(t *testing.T, e *engine, s subject, form string, csv bool) {
	file := filepath.Join(t.TempDir(), "nodes")
	if _, err := e.ask(question{"ask": "nodes", "of": s.name, "to": file, "csv": csv}); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got, err := plumbHeap("nodes", s.file, form)
	if err != nil {
		t.Errorf("nodes %s: %v", form, err)
		return
	}
	if !bytes.Equal(want, got) {
		t.Errorf("plumb heap nodes %s %s:\n\t%s", s.file, form, strings.Join(nodeDifferences(want, got), "\n\t"))
	}
	compared.answers.Add(1)
}

// randomSeeds is how many random snapshots to compare: PLUMB_SEEDS, or 30.
func randomSeeds() uint64 {
	if n, err := strconv.ParseUint(os.Getenv("PLUMB_SEEDS"), 10, 64); err == nil {
		return n
	}
	return 30
}
