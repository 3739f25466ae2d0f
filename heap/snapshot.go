package heap

import (
	"context"
	"sync"

	"github.com/plumb-dev/plumb/heap/internal/column"
)

// Options for [Open] and [Read]. The zero value reads with an index beside the
// file and without progress.
type Options struct {
	// Progress, when set, is called now and then from one goroutine at a time.
	Progress func(Progress)
	// NoIndex neither reads nor writes an index file.
	NoIndex bool
	// Derive lists what the caller computes from every snapshot it opens and
	// wants kept in the index, so that the next Open has it at once.
	Derive []Derivation
}

// Progress is one report of work under way.
type Progress struct {
	Phase Phase
	Done  int64 // of Total, in the phase's unit
	Total int64 // 0 when unknown
}

// Phase names a part of the work of [Open].
type Phase string

// The phases, in their order.
const (
	PhaseRead       Phase = "read snapshot" // Done and Total in bytes
	PhaseDistances  Phase = "distances"
	PhaseDominators Phase = "dominators"
	PhaseDerive     Phase = "classes"
)

// Derivation is data that a caller computes from a snapshot and wants kept in
// its index. Name carries a version: change it when the meaning of the bytes
// changes.
//
// Build begins as soon as the distances are known, beside the search for
// dominators: neither these nor retained sizes are there yet. The function that
// it returns is called when all is there, and makes the bytes. Derived returns
// them or, from an index, the same bytes read in place, from a multiple of 64 on.
type Derivation struct {
	Name  string
	Build func(context.Context, *Snapshot) (finish func(context.Context) ([]byte, error), err error)
}

// Meta is the header of a snapshot.
type Meta struct {
	NodeFields, NodeTypes []string
	EdgeFields, EdgeTypes []string
	LocationFields        []string
	SampleFields          []string
	TraceFunctionFields   []string
	TraceNodeFields       []string
	ScopeFields           []string
	ScopeContextVarFields []string
	ScopeUseFields        []string

	NodeCount, EdgeCount int
	TraceFunctionCount   int
	RootIndex            int
	// ExtraNativeBytes is memory outside the graph; HasExtraNativeBytes says
	// whether the header has the field at all.
	ExtraNativeBytes    uint64
	HasExtraNativeBytes bool
}

// Sample is one point of an allocation timeline: at Timestamp (microseconds
// from the start) the newest object had the id LastAssignedID.
type Sample struct {
	Timestamp      int64
	LastAssignedID int64
}

// TraceFunction is a function that allocated, of a snapshot with allocation
// tracking. Line and column count from 1 as V8 writes them; 0 is unknown.
type TraceFunction struct {
	FunctionID int64
	Name       string
	ScriptName string
	ScriptID   int64
	Line       int64
	Column     int64
}

// TraceNode is a node of the allocation tree, in preorder: its children follow
// it and have it as Parent (-1 for the root).
type TraceNode struct {
	ID       uint32
	Function uint32 // position in TraceFunctions, may lie past its end
	Count    uint64
	Size     uint64
	Parent   int32
}

// Scopes holds the three scope sections that Chrome 156 and later write:
// rows of Meta.ScopeFields, ScopeContextVarFields and ScopeUseFields.
type Scopes struct {
	Scopes, ContextVars, Uses []uint64
}

// Snapshot is an opened heap snapshot: a graph of nodes and edges in flat
// columns outside the Go heap, 34 bytes a node and 8 an edge.
type Snapshot struct {
	meta     Meta
	warnings []string
	root     uint32

	nodeTypes [256]NodeType // of each type number of the file
	edgeTypes [16]EdgeType

	// Columns with one entry per node.
	typ, detachedness []uint8 // detachedness nil when the file has none
	name, id, self    []uint32
	traceNodeID       []uint32 // nil when allocations were not tracked
	firstEdge         []uint32 // and one more at the end
	distance          []int32
	dominator         []uint32
	retained          []uint64
	inside            column.Bits
	shared            column.Bits // nil from an index, see Shared

	// Columns with one entry per edge. target has the node in its low
	// targetBits and the file's type number above.
	target, edgeName []uint32

	text       text
	ephemerons ephemerons

	documentRoots nameSet // "(Document DOM trees)"
	detachedNames nameSet // begin with "Detached " in the file

	locationNode   []uint32 // ascending
	locationAt     []uint32 // script, line, column of each
	samples        []Sample
	traceFunctions []TraceFunction
	traceTree      []TraceNode
	scopes         *Scopes

	derived map[string][]byte

	arena  column.Arena
	mapped [][]byte      // mapped files
	saving chan struct{} // closed when the index is written; nil: nothing to wait for

	flagsOnce     sync.Once
	flags         []uint8
	retainersOnce sync.Once
	firstRetainer []uint32 // in retainer, of each node; one more at the end
	retainer      []uint32 // sources of each node's incoming edges, last edge first
	dominatedOnce sync.Once
	firstChild    []uint32 // in child, of each node; one more at the end
	child         []uint32
}

// Close releases the memory. No method may be called after it, and no slice
// that a method returned may be used.
//
// It waits until the index is written, which goes on beside the first use;
// cancel the context of Open to cut that short.
func (s *Snapshot) Close() error {
	if s.saving != nil {
		<-s.saving
	}
	s.arena.Close()
	var err error
	for _, m := range s.mapped {
		if e := column.UnmapFile(m); e != nil {
			err = e
		}
	}
	s.mapped = nil
	return err
}
