package devtools

import (
	"fmt"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/testheap"
)

// pathText writes paths as "edge in name:distance(what follows)".
func pathText(v *View, edges []PathEdge) string {
	var out []string
	for _, e := range edges {
		row := fmt.Sprintf("%s in %s:%d", v.snap.EdgeName(e.Edge), v.DisplayName(e.Node), e.Distance)
		if len(e.Children) > 0 {
			row += "(" + pathText(v, e.Children) + ")"
		}
		out = append(out, row)
	}
	return strings.Join(out, ", ")
}

// pathGraph is root -> (GC roots) -> (Handle scope), where paths end.
func pathGraph() (b *testheap.Builder, handle heap.Node) {
	b = testheap.New()
	root := b.Node("synthetic", "", 0)
	gc := b.Node("synthetic", "(GC roots)", 0)
	handle = b.Node("synthetic", "(Handle scope)", 0)
	b.Element(root, 1, gc)
	b.Element(gc, 1, handle)
	return b, handle
}

// chain hangs objects one below the other.
func chain(b *testheap.Builder, from heap.Node, names ...string) heap.Node {
	for _, name := range names {
		n := b.Node("object", name, 8)
		b.Edge(from, "property", "p", n)
		from = n
	}
	return from
}

// The following are DevTools' own tests of getRetainingPaths.

func TestPathsDiamond(t *testing.T) {
	b, handle := pathGraph()
	left, right := chain(b, handle, "Left"), chain(b, handle, "Right")
	target := chain(b, left, "Target")
	b.Edge(right, "property", "r", target)
	v := view(t, b)
	got := retaining(t, v).Paths(target, DefaultPathLimits())
	want := "r in Right:3(p in (Handle scope):2), p in Left:3(p in (Handle scope):2)"
	if text := pathText(v, got.Paths); text != want || got.Reached != (Paths{}).Reached {
		t.Errorf("paths %s %+v, want %s", text, got.Reached, want)
	}
}

func TestPathsIgnoreWeakEdges(t *testing.T) {
	b, handle := pathGraph()
	target := chain(b, handle, "Holder", "Target")
	b.Edge(chain(b, handle, "Watcher"), "weak", "w", target)
	v := view(t, b)
	want := "p in Holder:3(p in (Handle scope):2)"
	if got := pathText(v, retaining(t, v).Paths(target, DefaultPathLimits()).Paths); got != want {
		t.Errorf("paths %s, want %s", got, want)
	}
}

func TestPathsLimits(t *testing.T) {
	deep, handle := pathGraph()
	target := chain(deep, handle, "A", "B", "Target")
	loop, handle4 := pathGraph()
	loopTarget := chain(loop, handle4, "A", "B", "Target")
	loop.Edge(loopTarget, "property", "self", loopTarget)
	wide, handle2 := pathGraph()
	wideTarget := wide.Node("object", "Target", 8)
	for i := range 105 {
		wide.Edge(chain(wide, handle2, fmt.Sprint("Parent", i)), "property", "p", wideTarget)
	}
	middle, handle3 := pathGraph()
	middleTarget := middle.Node("object", "Target", 8)
	shared := chain(middle, handle3, "Middle")
	for i := range 105 {
		middle.Edge(chain(middle, shared, fmt.Sprint("Parent", i)), "property", "p", middleTarget)
	}
	for _, test := range []struct {
		name    string
		build   *testheap.Builder
		target  heap.Node
		limits  func(*PathLimits)
		paths   int
		reached string
		first   string
	}{
		{"no limit hit", deep, target, func(*PathLimits) {}, 1, "", "B"},
		{"depth is enough", deep, target, func(l *PathLimits) { l.Depth = 3 }, 1, "", "B"},
		{"depth too small", deep, target, func(l *PathLimits) { l.Depth = 2 }, 0, "depth", ""},
		{"nodes are enough", deep, target, func(l *PathLimits) { l.Nodes = 4 }, 1, "", "B"},
		{"nodes too few", deep, target, func(l *PathLimits) { l.Nodes = 3 }, 0, "nodes", ""},
		{"too long to be walked", deep, target, func(l *PathLimits) { l.Depth, l.Nodes = 2, 1 }, 0, "depth", ""},
		{"nodes are enough for a loop", loop, loopTarget, func(l *PathLimits) { l.Nodes = 5 }, 1, "", "B"},
		{"many siblings", wide, wideTarget, func(*PathLimits) {}, 100, "siblings", "Parent104"},
		{"five siblings", wide, wideTarget, func(l *PathLimits) { l.Siblings = 5 }, 5, "siblings", "Parent104"},
		{"siblings through one", middle, middleTarget, func(*PathLimits) {}, 1, "siblings", "Parent104"},
	} {
		v := view(t, test.build)
		limits := DefaultPathLimits()
		test.limits(&limits)
		got := retaining(t, v).Paths(test.target, limits)
		var reached []string
		for name, hit := range map[string]bool{"depth": got.Reached.Depth, "nodes": got.Reached.Nodes, "siblings": got.Reached.Siblings} {
			if hit {
				reached = append(reached, name)
			}
		}
		first := ""
		if len(got.Paths) > 0 {
			first = v.DisplayName(got.Paths[0].Node)
		}
		if len(got.Paths) != test.paths || strings.Join(reached, " ") != test.reached || first != test.first {
			t.Errorf("%s: %d paths, first %q, stopped by %v; want %d, %q, %q",
				test.name, len(got.Paths), first, reached, test.paths, test.first, test.reached)
		}
	}
}

func TestPathsOfTheUnreachable(t *testing.T) {
	b, _ := pathGraph()
	target := b.Node("object", "Garbage", 8)
	b.Edge(target, "property", "self", target)
	if got := retaining(t, view(t, b)).Paths(target, DefaultPathLimits()); len(got.Paths) != 0 {
		t.Errorf("garbage has paths: %+v", got)
	}
}
