// Package lab is a program's memory, step by step: the trace of a run, which a
// terminal and a page replay in both directions.
//
// Terms:
//   - A Trace is one recorded run: the sources, the steps, and why the recording
//     ended.
//   - A Step is the state of the program before one line runs: the frames of the
//     stack with their variables, and the objects that these reach.
//   - A checkpoint is a step at which a heap snapshot was taken. V8 collects garbage
//     before it takes one, so at a checkpoint it is known which objects are gone.
//
// Everything in a trace was observed: values by the inspector, sizes and
// distances in snapshots. What is computed from a trace without V8 is in package
// simulate. Package record makes traces. This package starts no program.
package lab

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Version is the number of the format that this package writes. Others are
// refused.
const Version = 1

// Trace is a recorded run.
type Trace struct {
	Version int    `json:"plumbLab"`
	Program string `json:"program"` // the base name of the file that was started
	Node    string `json:"node"`    // "v20.20.2"
	Files   []File `json:"files"`
	Steps   []Step `json:"steps"`
	Workers int    `json:"workers,omitempty"` // threads that the program started, which are not recorded
	End     End    `json:"end"`
}

// File is a source file of the program.
type File struct {
	Name   string `json:"name"` // relative to the program's folder where it is below it
	Source string `json:"source"`
}

// End says why a recording ended.
type End struct {
	Reason EndReason `json:"reason"`
	Detail string    `json:"detail,omitempty"` // of an exception its text
	Output string    `json:"output,omitempty"` // printed after the last step
	Exit   int       `json:"exit"`             // the program's exit code, -1 when it was stopped
}

// EndReason is why a recording ended.
type EndReason string

// The reasons.
const (
	Finished  EndReason = "finished"
	Failed    EndReason = "failed" // with an exit code that is not 0
	StepLimit EndReason = "step limit"
	TimeLimit EndReason = "time limit"
)

// Step is the state of the program before a line runs.
type Step struct {
	File       int      `json:"file"` // position in Trace.Files
	Line       int      `json:"line"` // from 1
	Column     int      `json:"column"`
	Frames     []Frame  `json:"frames"` // the innermost first
	Objects    []Object `json:"objects"`
	Left       int      `json:"left,omitempty"`   // objects that were reached but are not listed
	Output     string   `json:"output,omitempty"` // printed since the last step
	Checkpoint bool     `json:"checkpoint,omitempty"`
	HeapUsed   uint64   `json:"heapUsed,omitempty"` // bytes, at a checkpoint: of all that is in the snapshot
	Died       []Death  `json:"died,omitempty"`     // found gone at this checkpoint
	Stage      string   `json:"stage,omitempty"`    // the name in the program's last call of plumbStage
	// Collections are V8's since the last step. Those of snapshots are not among them.
	Collections []Collection `json:"collections,omitempty"`
}

// Frame is a call on the stack.
type Frame struct {
	Function  string     `json:"function"`
	File      int        `json:"file"`
	Line      int        `json:"line"`
	Variables []Variable `json:"variables"`
}

// Variable is a name in a scope of a frame.
type Variable struct {
	Name  string `json:"name"`
	Scope string `json:"scope"` // V8's word: local, block, closure, module, global
	Value Value  `json:"value"`
	// Context: found in a Context on the heap, as a closure captures it.
	Context bool `json:"context,omitempty"`
}

// Value is a primitive, with its text, or a reference to an object.
type Value struct {
	Type string `json:"type"` // of typeof, and "null"
	Text string `json:"text,omitempty"`
	Ref  int    `json:"ref,omitempty"` // of an object: its ID
	// Size of a string in the heap, in bytes, where a snapshot showed it.
	Size uint64 `json:"size,omitempty"`
}

// Object is something on the heap.
type Object struct {
	ID    int    `json:"id"`    // from 1, in the order of first sight; one object has one in all steps
	Class string `json:"class"` // the constructor's name; of a function "function"
	Name  string `json:"name,omitempty"`
	Props []Prop `json:"props,omitempty"`
	More  int    `json:"more,omitempty"` // properties that are not listed
	// OutOfSight: no variable of a frame leads to it any more. It is garbage, or
	// something else (a timer, a module) holds it; Held tells which.
	OutOfSight bool  `json:"outOfSight,omitempty"`
	Heap       *Heap `json:"heap,omitempty"` // at a checkpoint
}

// Prop is a property, an element, an entry, or a captured variable.
type Prop struct {
	Name     string `json:"name"`
	Value    Value  `json:"value"`
	Captured bool   `json:"captured,omitempty"` // in the Context of a function
	Weak     bool   `json:"weak,omitempty"`     // does not keep its target alive
}

// Heap is what a snapshot knows of an object. Sizes are in bytes.
type Heap struct {
	ID          uint64   `json:"id"` // V8's
	Shallow     uint64   `json:"shallow"`
	Retained    uint64   `json:"retained"`
	Bookkeeping uint64   `json:"bookkeeping"`    // the part of Retained that is V8's own: shapes, code, feedback
	Distance    int32    `json:"distance"`       // as heap.Snapshot.Distance
	Held        []string `json:"held,omitempty"` // edges that keep it alive, when no variable does
}

// Death is an object that a checkpoint no longer has.
type Death struct {
	Object  int      `json:"object"`
	Class   string   `json:"class"`
	Shallow uint64   `json:"shallow"`
	Held    []string `json:"held,omitempty"` // what led to it when it was last in sight
}

// ErrNotTrace is input that is no trace.
var ErrNotTrace = errors.New("not a trace of the lab")

// Write writes t as JSON.
func Write(w io.Writer, t *Trace) error {
	return json.NewEncoder(w).Encode(t)
}

// Read reads a trace and checks that what it refers to is there.
func Read(r io.Reader) (*Trace, error) {
	var t Trace
	decoder := json.NewDecoder(r)
	if err := decoder.Decode(&t); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotTrace, err)
	}
	if t.Version == 0 {
		return nil, fmt.Errorf("%w: it has no member plumbLab", ErrNotTrace)
	}
	if t.Version != Version {
		return nil, fmt.Errorf("%w: its format is %d, this plumb reads %d", ErrNotTrace, t.Version, Version)
	}
	for i := range t.Steps {
		if err := t.Steps[i].check(t.Files); err != nil {
			return nil, fmt.Errorf("%w: step %d: %w", ErrNotTrace, i+1, err)
		}
	}
	return &t, nil
}

func (s *Step) check(files []File) error {
	known := map[int]bool{}
	for _, o := range s.Objects {
		if known[o.ID] {
			return fmt.Errorf("object %d is there twice", o.ID)
		}
		known[o.ID] = true
	}
	missing := func(v Value) error {
		if v.Ref != 0 && !known[v.Ref] {
			return fmt.Errorf("object %d is not there", v.Ref)
		}
		return nil
	}
	if s.File < 0 || s.File >= len(files) {
		return fmt.Errorf("file %d is not there", s.File)
	}
	if s.Line < 1 || s.Line > strings.Count(files[s.File].Source, "\n")+1 {
		return fmt.Errorf("line %d is not there", s.Line)
	}
	for _, f := range s.Frames {
		if f.File < 0 || f.File >= len(files) {
			return fmt.Errorf("file %d is not there", f.File)
		}
		for _, v := range f.Variables {
			if err := missing(v.Value); err != nil {
				return err
			}
		}
	}
	for _, o := range s.Objects {
		for _, p := range o.Props {
			if err := missing(p.Value); err != nil {
				return err
			}
		}
	}
	return nil
}
