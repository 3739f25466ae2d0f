package devtools

import (
	"errors"
	"slices"
	"testing"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/testheap"
)

// shows lists the nodes that a named filter lets through.
func shows(t *testing.T, v *View, name string) []heap.Node {
	t.Helper()
	filter, err := v.NamedFilter(name)
	if err != nil {
		t.Fatal(err)
	}
	var nodes []heap.Node
	for n := range heap.Node(v.snap.NodeCount()) {
		if filter(n) {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

func expect(t *testing.T, got []heap.Node, want ...heap.Node) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("filter shows %v, want %v", got, want)
	}
}

func TestRetainedByDetached(t *testing.T) {
	b, add := withRoot()
	detached := add("native", "div", 8)
	b.Set(detached, "detachedness", 2)
	child, shared, weak := b.Node("object", "Child", 8), add("object", "Shared", 8), b.Node("object", "Weak", 8)
	b.Edge(detached, "property", "child", child)
	b.Edge(detached, "property", "shared", shared)
	b.Edge(detached, "weak", "weak", weak)
	expect(t, shows(t, view(t, b), "objectsRetainedByDetachedDomNodes"), detached, child)
}

func TestRetainedByContexts(t *testing.T) {
	b, add := withRoot()
	plain, named, other := add("object", "system / Context", 8), add("object", "system / Context / f", 8), add("object", "system / Contexts", 8)
	var held []heap.Node
	for _, context := range []heap.Node{plain, named, other} {
		n := b.Node("object", "Held", 8)
		b.Edge(context, "context", "x", n)
		held = append(held, n)
	}
	b.Node("object", "Unreachable", 8)
	expect(t, shows(t, view(t, b), "objectsRetainedByContexts"), plain, named, held[0], held[1])
}

func TestRetainedByConsole(t *testing.T) {
	b, add := withRoot()
	handles := add("synthetic", "(Global handles)", 0)
	objects := add("object", "Holder", 8)
	var nodes []heap.Node
	for range 3 {
		nodes = append(nodes, b.Node("object", "Held", 8))
	}
	b.Edge(handles, "internal", "2 / DevTools console", nodes[0])
	b.Edge(handles, "internal", "3 / other", nodes[1])
	b.Edge(objects, "property", "4 / DevTools console", nodes[2]) // not from a synthetic node
	expect(t, shows(t, view(t, b), "objectsRetainedByConsole"), nodes[0])
}

func TestRetainedByEventHandlers(t *testing.T) {
	b, add := withRoot()
	code := add("code", "code", 8)
	listener := func() heap.Node { return add("native", "V8EventListener", 8) }
	direct := b.Node("closure", "direct", 8)
	b.Edge(direct, "internal", "code", code)
	b.Edge(listener(), "internal", "1", direct)
	wrapper, wrapped, beside := b.Node("object", "Wrapper", 8), b.Node("closure", "wrapped", 8), b.Node("object", "Beside", 8)
	b.Edge(wrapper, "property", "handler", wrapped)
	b.Edge(wrapper, "property", "beside", beside)
	b.Edge(wrapped, "internal", "code", code)
	b.Edge(listener(), "internal", "1", wrapper)
	plain := b.Node("object", "Plain", 8)
	b.Edge(listener(), "internal", "1", plain)
	expect(t, shows(t, view(t, b), "objectsRetainedByEventHandlers"), direct, wrapped, plain)
}

func TestDuplicatedStringsFilter(t *testing.T) {
	b, add := withRoot()
	part := func(first, second heap.Node) heap.Node {
		n := add("concatenated string", "raw", 20)
		b.Edge(n, "internal", "first", first)
		b.Edge(n, "internal", "second", second)
		return n
	}
	ab, a, end, empty := add("string", "ab", 8), add("string", "a", 8), add("string", "b", 8), add("string", "", 8)
	joined := part(a, end)
	part(ab, empty)                // flat
	add("sliced string", "ab", 8)  // not looked at
	add("string", "ab", 0)         // stands for a number
	add("string", "only once", 8)  //
	copied := add("string", "", 8) // equal text, another string of the table
	b.Set(copied, "name", b.String("ab"))
	expect(t, shows(t, view(t, b), "duplicatedStrings"), ab, joined, copied)
}

func TestIDRange(t *testing.T) {
	b, add := withRoot()
	for range 5 {
		add("object", "A", 8) // ids 3, 5, 7, 9, 11
	}
	b.Set(add("native", "N", 8), "id", 6)
	v := view(t, b)
	if v.MaxJSObjectID() != 11 {
		t.Errorf("greatest id %d, want 11", v.MaxJSObjectID())
	}
	rows := summary(t, v, v.IDRange(5, 9))
	if len(rows) != 2 || rows[0].Count != 2 || rows[1].Key != ",N" {
		t.Errorf("rows %+v, want 2 A and the even id between them", rows)
	}
}

func TestNamedFilterErrors(t *testing.T) {
	v := view(t, sixNodes())
	for _, name := range []string{"", "nope", "nativeContext_", "nativeContext_x", "nativeContext_7"} {
		if _, err := v.NamedFilter(name); !errors.Is(err, ErrNoFilter) {
			t.Errorf("filter %q: %v, want %v", name, err, ErrNoFilter)
		}
	}
	for _, name := range v.FilterNames() {
		if _, err := v.NamedFilter(name); err != nil {
			t.Errorf("filter %q: %v", name, err)
		}
	}
	if _, err := v.AllocatedBy(0); !errors.Is(err, ErrNoFilter) {
		t.Errorf("allocation filter without allocations: %v", err)
	}
}

func TestAllocatedBy(t *testing.T) {
	b := testheap.New()
	root := b.Node("synthetic", "", 0)
	top := b.Function(testheap.Function{Name: "(root)"})
	maker := b.Function(testheap.Function{Name: "make"})
	first := b.Trace(0, top, 0, 0)
	made := b.Trace(first, maker, 2, 16)
	for i := range 3 {
		n := b.Node("object", "A", 8)
		b.Edge(root, "internal", "x", n)
		if i > 0 {
			b.Set(n, "trace_node_id", made)
		}
	}
	v := view(t, b)
	filter, err := v.AllocatedBy(uint32(maker))
	if err != nil {
		t.Fatal(err)
	}
	if rows := summary(t, v, filter); len(rows) != 1 || rows[0].Count != 2 {
		t.Errorf("rows %+v, want the 2 objects that make made", rows)
	}
	if _, err := v.AllocatedBy(uint32(top)); !errors.Is(err, ErrNoFilter) {
		t.Errorf("filter by a function that allocated nothing: %v", err)
	}
}
