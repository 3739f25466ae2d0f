//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/devtools"
)

// The modes of a child process: what it does with the index.
const (
	modeOpen   = "open"   // neither reads nor writes one
	modeIndex  = "index"  // writes one
	modeReopen = "reopen" // reads it
)

// span is time that passed: on the clock, and of all processors.
type span struct {
	Wall float64 `json:"wall"` // seconds
	CPU  float64 `json:"cpu"`  // seconds
}

// opening is what a child tells of one Open.
type opening struct {
	Phases    map[heap.Phase]span `json:"phases"`
	Open      span                `json:"open"`    // all phases
	Classes   span                `json:"classes"` // the class table's first 50 rows, after opening
	Close     span                `json:"close"`   // with the rest of writing the index
	Nodes     int                 `json:"nodes"`
	Edges     int                 `json:"edges"`
	Anonymous int64               `json:"anonymous"` // bytes of memory that belong to no file, while open
}

const topClasses = 50

// child opens file once, as the command does, and prints an opening.
func child(ctx context.Context, mode, file string) error {
	debug.SetGCPercent(400) // as cmd/plumb does
	o := opening{Phases: map[heap.Phase]span{}}
	var phase heap.Phase
	begin := now()
	last := begin
	end := func() {
		t := now()
		if phase != "" {
			p := o.Phases[phase]
			o.Phases[phase] = span{p.Wall + t.Wall - last.Wall, p.CPU + t.CPU - last.CPU}
		}
		last = t
	}
	snap, err := heap.Open(ctx, file, heap.Options{
		NoIndex: mode == modeOpen,
		Derive:  []heap.Derivation{devtools.ClassDerivation()},
		Progress: func(p heap.Progress) {
			if p.Phase != phase {
				end()
				phase = p.Phase
			}
		},
	})
	if err != nil {
		return err
	}
	end()
	opened := last
	view, err := devtools.New(ctx, snap)
	if err != nil {
		return err
	}
	rows, err := view.Summary(ctx, nil)
	if err != nil {
		return err
	}
	rows = rows[:min(topClasses, len(rows))]
	done := now()
	if len(rows) == 0 {
		return fmt.Errorf("%s has no classes", file)
	}
	o.Open = span{opened.Wall - begin.Wall, opened.CPU - begin.CPU}
	o.Classes = span{done.Wall - opened.Wall, done.CPU - opened.CPU}
	o.Nodes, o.Edges = snap.NodeCount(), snap.EdgeCount()
	if mode == modeOpen {
		debug.FreeOSMemory() // what stays is memory in use
		o.Anonymous = anonymous()
	}
	// The index is written in the background: closing waits for it.
	begin = now()
	if err := snap.Close(); err != nil {
		return err
	}
	last = now()
	o.Close = span{last.Wall - begin.Wall, last.CPU - begin.CPU}
	return json.NewEncoder(os.Stdout).Encode(o)
}

func now() span {
	return span{Wall: float64(time.Now().UnixNano()) / 1e9, CPU: cpuTime()}
}

// anonymous reads how much of this process's memory belongs to no file.
func anonymous() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0 // not Linux
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kb, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kb << 10
		}
	}
	return 0
}
