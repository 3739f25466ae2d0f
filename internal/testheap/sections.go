package testheap

import "github.com/plumb-dev/plumb/heap"

type location struct {
	node                 heap.Node
	script, line, column int64
}

// Location says where the source of n begins; line and column from 0.
func (b *Builder) Location(n heap.Node, script, line, column int64) {
	b.locations = append(b.locations, location{n, script, line, column})
}

// Sample adds a point of the allocation timeline.
func (b *Builder) Sample(timestampMicros, lastAssignedID int64) {
	b.samples = append(b.samples, [2]int64{timestampMicros, lastAssignedID})
}

// Function is a function of the allocation profile.
type Function struct {
	ID                     int64
	Name, Script           string
	ScriptID, Line, Column int64
}

// Function adds f and returns its position. The header counts the functions.
func (b *Builder) Function(f Function) int {
	b.intern(f.Name)
	b.intern(f.Script)
	b.functions = append(b.functions, f)
	return len(b.functions) - 1
}

type trace struct {
	id, function, count, size int
	children                  []*trace
}

// Trace adds a node of the allocation tree under the one with the id parent
// and returns its id, for Set(n, "trace_node_id", id). The first one is the
// root; its parent is 0.
func (b *Builder) Trace(parent, function, count, size int) int {
	t := &trace{id: len(b.traces) + 1, function: function, count: count, size: size}
	if parent > 0 {
		p := b.traces[parent-1]
		p.children = append(p.children, t)
	}
	b.traces = append(b.traces, t)
	return t.id
}

// Scope is a lexical scope of a script. Scopes come in preorder, each after
// its parent, which is the last one before it whose Depth is one less.
type Scope struct {
	Script    heap.Node
	ID, Depth int
	Vars      []string // the variables that live in a context
	Uses      []Use    // the variables that code of this scope refers to
}

// Use is a reference to the variable number Slot of the scope with id Scope.
type Use struct{ Scope, Slot int }

// Scope adds a scope. The format must have scope fields, see [Chromium].
func (b *Builder) Scope(s Scope) {
	for _, v := range s.Vars {
		b.intern(v)
	}
	b.scopes = append(b.scopes, s)
}

type section struct{ name, json string }

// Section adds a section that no reader knows, between edges and strings.
func (b *Builder) Section(name, json string) {
	b.sections = append(b.sections, section{name, json})
}
