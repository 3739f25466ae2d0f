// Package profile holds a sampled heap profile of V8: which call stacks
// allocated how much memory. It reads and writes .heapprofile files, writes
// pprof and collapsed stacks, and makes a table of the tree.
//
// V8 does not see every allocation. It picks one about every Interval bytes
// (the distances are random, so that no pattern of the program is missed),
// notes its stack and multiplies its size by how seldom one of that size is
// picked (sampling-heap-profiler.cc, ScaleSample). All sizes are therefore
// estimates in bytes: good for what is large, chance for what is small. A
// frame is a function and where it begins, not the line that was running.
//
// A live profile counts what was allocated during the recording and was still
// there at its end; otherwise what the garbage collector took meanwhile counts
// too. Old objects count in neither.
//
// The package starts no recording; package node does.
package profile

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Profile is what HeapProfiler.stopSampling returns and what node --heap-prof
// writes, with what neither says about the recording itself.
type Profile struct {
	Head    Node     `json:"head"` // "(root)"
	Samples []Sample `json:"samples"`

	// The recording; zero when the profile was read from a file.
	Interval int           `json:"-"` // bytes between two samples, on average
	Live     bool          `json:"-"` // see the package's comment
	Start    time.Time     `json:"-"`
	Duration time.Duration `json:"-"`
}

// Node is a function with the stack below it.
type Node struct {
	CallFrame CallFrame `json:"callFrame"`
	SelfSize  float64   `json:"selfSize"` // bytes allocated by the function itself
	ID        int       `json:"id"`
	Children  []Node    `json:"children"` // what it called
}

// Sample is an allocation that was picked. Ordinals rise with time.
type Sample struct {
	Size    float64 `json:"size"` // bytes that it stands for
	NodeID  int     `json:"nodeId"`
	Ordinal float64 `json:"ordinal"`
}

// CallFrame is a function (Runtime.CallFrame of the protocol).
type CallFrame struct {
	FunctionName string `json:"functionName"` // "" when it has no name
	ScriptID     string `json:"scriptId"`
	URL          string `json:"url"`          // "" in V8 itself
	LineNumber   int    `json:"lineNumber"`   // where it begins, from 0; -1 in V8 itself
	ColumnNumber int    `json:"columnNumber"` // from 0
}

// Total is all that was allocated, in bytes.
func (p *Profile) Total() uint64 { return p.Head.total() }

func (n *Node) self() uint64 { return uint64(n.SelfSize) }

func (n *Node) total() uint64 {
	sum := n.self()
	for i := range n.Children {
		sum += n.Children[i].total()
	}
	return sum
}

// Name is the function's name, "(anonymous)" when it has none and "(top level)"
// for what a script does outside of functions.
func (f CallFrame) Name() string {
	switch {
	case f.FunctionName != "":
		return f.FunctionName
	case f.URL != "" && f.LineNumber == 0 && f.ColumnNumber == 0:
		return "(top level)"
	default:
		return "(anonymous)"
	}
}

// drive is how the path of a file URL begins on Windows.
var drive = regexp.MustCompile(`^/[A-Za-z]:/`)

// File is the script: a path for a file, whether V8 calls it by its path
// (CommonJS) or by its URL (an ES module), else the URL (node:fs).
func (f CallFrame) File() string {
	if !strings.HasPrefix(f.URL, "file:") {
		return f.URL
	}
	u, err := url.Parse(f.URL)
	if err != nil || u.Path == "" {
		return f.URL
	}
	if drive.MatchString(u.Path) {
		return u.Path[1:]
	}
	return u.Path
}

// Place is "file:line", the line counted from 1; "" in V8 itself.
func (f CallFrame) Place() string {
	switch {
	case f.URL == "":
		return ""
	case f.LineNumber < 0:
		return f.File()
	default:
		return fmt.Sprintf("%s:%d", f.File(), f.LineNumber+1)
	}
}
