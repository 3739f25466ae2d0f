package leak

import (
	"testing"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/testheap"
)

// program builds snapshots of a small made-up process: a root, the global
// object, one file app.js with a module scope. Ids depend on what a thing is,
// not on its position, as in snapshots of one process.
type program struct {
	*testheap.Builder
	root, global, module, script, shared heap.Node
}

func newProgram() *program {
	p := &program{Builder: testheap.New()}
	p.root = p.Node("synthetic", "", 0)
	p.global = p.object("global", 1001)
	p.Edge(p.root, "shortcut", "global", p.global)
	p.script = p.typed("code", "/srv/app.js", 1003)
	p.shared = p.typed("code", "(shared function info)", 1005)
	p.Edge(p.shared, "internal", "script", p.script)
	p.module = p.object("system / Context", 1007)
	handler := p.function("handler", 1009, 2)
	p.Edge(p.global, "property", "handler", handler)
	return p
}

func (p *program) typed(typ, name string, id uint64) heap.Node {
	n := p.Node(typ, name, 32)
	p.Set(n, "id", id)
	return n
}

func (p *program) object(name string, id uint64) heap.Node { return p.typed("object", name, id) }

// function is a closure of app.js in the module scope.
func (p *program) function(name string, id uint64, line int64) heap.Node {
	n := p.typed("closure", name, id)
	p.Edge(n, "internal", "shared", p.shared)
	p.Edge(n, "internal", "context", p.module)
	p.Location(n, 81, line, 4)
	return n
}

// variable puts a new object into a variable of the module.
func (p *program) variable(name, class string, id uint64) heap.Node {
	n := p.object(class, id)
	p.Edge(p.module, "context", name, n)
	return n
}

// array fills n with elements whose ids come from their position.
func (p *program) array(n heap.Node, from, to int, base uint64) {
	for i := from; i < to; i++ {
		p.Element(n, i-from, p.object("Item", base+2*uint64(i)))
	}
}

// series opens what build makes of each step.
func series(t *testing.T, steps int, build func(p *program, step int)) []*heap.Snapshot {
	t.Helper()
	var snapshots []*heap.Snapshot
	for step := range steps {
		p := newProgram()
		build(p, step)
		// Something is new in every snapshot of a living process.
		p.Edge(p.global, "property", "now", p.object("Date", 9_000_001+2*uint64(step)))
		snapshots = append(snapshots, p.Open(t))
	}
	return snapshots
}

func find(t *testing.T, snapshots []*heap.Snapshot, opts Options) *Result {
	t.Helper()
	r, err := Find(t.Context(), snapshots, opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// only is the one finding of a result.
func only(t *testing.T, r *Result) *Finding {
	t.Helper()
	if len(r.Findings) != 1 {
		for _, f := range r.Findings {
			t.Logf("%s: %s of %s, %v: %s", f.Verdict, f.Container.Name, f.Container.Class, f.Counts, f.Reason)
		}
		t.Fatalf("%d findings, want 1", len(r.Findings))
	}
	return &r.Findings[0]
}
