//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plumb-dev/plumb/heap"
)

// result is everything measured on one file.
type result struct {
	File  string  `json:"file"`
	Bytes int64   `json:"bytes"`
	Open  opening `json:"open"` // without an index
	Total usage   `json:"total"`
	// Index and Reopen are with an index: the first run writes it.
	Index      opening `json:"index"`
	IndexBytes int64   `json:"indexBytes"`
	Reopen     opening `json:"reopen"`
	ReopenRSS  int64   `json:"reopenRSS"`
	Peers      []trial `json:"peers"`
}

// trial is a peer's attempt at a file.
type trial struct {
	Name string `json:"name"`
	usage
	Failed string `json:"failed,omitempty"`
}

func (r result) name() string { return strings.TrimSuffix(filepath.Base(r.File), ".heapsnapshot") }

// gb is the size of the file in GB, what times are divided by.
func (r result) gb() float64 { return float64(r.Bytes) / 1e9 }

func measure(ctx context.Context, o options, file string, peers []peer) (result, error) {
	r := result{File: file}
	file, err := filepath.Abs(file)
	if err != nil {
		return r, err
	}
	info, err := os.Stat(file)
	if err != nil {
		return r, err
	}
	r.Bytes = info.Size()
	progress := func(what string) { fmt.Fprintf(os.Stderr, "%s: %s\n", r.name(), what) }

	progress("open")
	r.Open, r.Total, err = best(ctx, modeOpen, file, o.runs)
	if err != nil {
		return r, err
	}
	progress("open with an index")
	if err := measureIndex(ctx, &r, file, o.runs); err != nil {
		return r, err
	}
	for _, p := range peers {
		t := trial{Name: p.Name, Failed: p.refuse(r.Bytes)}
		if t.Failed == "" {
			progress(p.Name)
			if t.usage, err = p.load(ctx, file); err != nil {
				t.Failed = firstLine(err.Error())
			}
			if err := ctx.Err(); err != nil {
				return r, err
			}
		}
		r.Peers = append(r.Peers, t)
	}
	return r, nil
}

// measureIndex has a link to the file in a folder of its own, so that the
// index comes beside the link and goes with the folder.
func measureIndex(ctx context.Context, r *result, file string, runs int) error {
	dir, err := os.MkdirTemp(filepath.Dir(file), "index")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	link := filepath.Join(dir, filepath.Base(file))
	if err := os.Link(file, link); err != nil {
		return err
	}
	if r.Index, _, err = best(ctx, modeIndex, link, 1); err != nil {
		return err
	}
	info, err := os.Stat(link + ".plumb")
	if err != nil {
		return nil // no index was written: the result says so with zeros
	}
	r.IndexBytes = info.Size()
	var u usage
	r.Reopen, u, err = best(ctx, modeReopen, link, 3*runs)
	r.ReopenRSS = u.RSS
	return err
}

// best runs a child some times and returns the run with the least CPU time,
// the one that other work on the machine disturbed least.
func best(ctx context.Context, mode, file string, runs int) (opening, usage, error) {
	self, err := os.Executable()
	if err != nil {
		return opening{}, usage{}, err
	}
	type outcome struct {
		opening
		usage
	}
	var all []outcome
	for range runs {
		out, u, err := execute(ctx, "", "", self, "-child", mode, file)
		if err != nil {
			return opening{}, u, err
		}
		var o opening
		if err := json.Unmarshal(out, &o); err != nil {
			return opening{}, u, fmt.Errorf("read child's answer: %w", err)
		}
		all = append(all, outcome{o, u})
	}
	b := slices.MinFunc(all, func(a, b outcome) int {
		if a.usage.CPU < b.usage.CPU {
			return -1
		}
		return 1
	})
	return b.opening, b.usage, nil
}

// phases are those of opening without an index, in their order.
var phases = [...]heap.Phase{heap.PhaseRead, heap.PhaseDistances, heap.PhaseDominators, heap.PhaseDerive}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line[:min(len(line), 200)]
}
