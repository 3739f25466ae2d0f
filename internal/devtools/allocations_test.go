package devtools

import (
	"fmt"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/internal/testheap"
)

// traced is a program in which main calls make twice on different ways, and
// make calls itself once.
func traced() *testheap.Builder {
	b, add := withRoot()
	root := b.Function(testheap.Function{Name: "(root)"})
	main := b.Function(testheap.Function{Name: "main", Script: "app.js", ScriptID: 7, Line: 3, Column: 5})
	maker := b.Function(testheap.Function{Name: "make", Script: "app.js", ScriptID: 7, Line: 9, Column: 2})
	idle := b.Function(testheap.Function{Name: "idle"})
	top := b.Trace(0, root, 1, 10)
	inMain := b.Trace(top, main, 2, 100)
	inMake := b.Trace(inMain, maker, 3, 300)
	again := b.Trace(inMake, maker, 4, 50)
	b.Trace(inMain, idle, 0, 0)
	b.Trace(top, maker, 5, 500)
	for i, trace := range []int{top, inMain, inMake, inMake, again, 99} {
		b.Set(add("object", "A", uint64(1)<<i), "trace_node_id", trace)
	}
	return b
}

func TestAllocationTops(t *testing.T) {
	v := view(t, traced())
	a := v.Allocations()
	name := func(i uint32) string { return v.snap.TraceFunctions()[i].Name }
	var got []string
	for _, top := range a.Tops() {
		got = append(got, fmt.Sprintf("%s %d %d %d %d %v", name(top.Function), top.Count, top.Size, top.LiveCount, top.LiveSize, top.HasCallers))
	}
	want := "make 12 850 3 28 true; main 2 100 1 2 true; (root) 1 10 1 1 false"
	if got := strings.Join(got, "; "); got != want {
		t.Errorf("tops: %s\nwant %s", got, want)
	}

	text := func(list []*Caller) string {
		var out []string
		for _, c := range list {
			out = append(out, fmt.Sprintf("%s %d %d %v", name(c.Function), c.Count, c.Size, c.HasCallers))
		}
		return strings.Join(out, "; ")
	}
	callers := a.Root(2).Callers()
	if text(callers.Chain) != "" || text(callers.Branches) != "main 3 300 true; make 4 50 true; (root) 5 500 false" {
		t.Errorf("callers of make: %s | %s", text(callers.Chain), text(callers.Branches))
	}
	if chain := text(callers.Branches[1].Callers().Chain); chain != "main 4 50 true; (root) 4 50 false" {
		t.Errorf("callers of the recursion: %s", chain)
	}
	if ids := fmt.Sprint(a.Root(2).TraceNodeIDs()); ids != "[3 4 6]" {
		t.Errorf("make allocated at %s", ids)
	}
	if a.Root(3) != nil {
		t.Error("idle allocated nothing and has a tree")
	}
	var stack []string
	for _, f := range a.Stack(4) {
		stack = append(stack, name(f))
	}
	if got := strings.Join(stack, " < "); got != "make < make < main < (root)" {
		t.Errorf("stack: %s", got)
	}
	if a.Stack(0) != nil || a.Stack(99) != nil {
		t.Error("there are stacks for ids that the tree does not have")
	}
}

// TestAllocationsPastTheTable: a capture from inside the tracked process can
// name functions that the file does not list; DevTools gives up on those.
func TestAllocationsPastTheTable(t *testing.T) {
	b, add := withRoot()
	root := b.Function(testheap.Function{Name: "(root)"})
	b.Trace(b.Trace(0, root, 0, 0), 5, 1, 10)
	b.Set(add("object", "A", 8), "trace_node_id", 2)
	a := view(t, b).Allocations()
	if tops := a.Tops(); len(tops) != 1 || tops[0].Function != 5 || tops[0].LiveSize != 8 {
		t.Errorf("tops: %+v", tops)
	}
	if got := fmt.Sprint(a.Stack(2)); got != "[5 0]" {
		t.Errorf("stack %s", got)
	}
}

func TestNoAllocations(t *testing.T) {
	if a := view(t, sixNodes()).Allocations(); a != nil {
		t.Errorf("allocations out of nothing: %+v", a)
	}
}
