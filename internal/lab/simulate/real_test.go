package simulate

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/plumb-dev/plumb/internal/lab"
	"github.com/plumb-dev/plumb/internal/lab/record"
)

// Everything that lives here is reached by variables, so that the recorded graph
// is whole. The work is done in functions because a register of a running function
// can hold what it has touched until it returns: V8 then keeps more than the
// variables do.
const whole = `let list = { next: { next: { next: null } } };
let a = { name: 'a' }, b = { name: 'b' };
a.b = b;
b.a = a;
shorten(list);
a = null;
b = null;
list = make(list);
drop(list);
list = null;
let end = 1;
end = 2;
function shorten(list) {
  list.next.next = null;
}
function drop(list) {
  list.left = null;
}
function make(left) {
  return { left, right: { list: [1, 2] } };
}
`

// What mark and sweep would sweep at a step is what V8 has freed at that step.
func TestMarkAgreesWithV8(t *testing.T) {
	bins := filepath.SplitList(os.Getenv("PLUMB_NODES"))
	if len(bins) == 0 {
		bin, err := exec.LookPath("node")
		if err != nil {
			t.Skip("Node.js is not on the PATH")
		}
		bins = []string{bin}
	}
	path := filepath.Join(t.TempDir(), "whole.js")
	if err := os.WriteFile(path, []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bin := range bins {
		trace, err := record.Record(t.Context(), path, record.Options{Node: bin, Steps: 100, Time: time.Minute, Checkpoint: record.FewCheckpoints})
		if err != nil {
			t.Fatal(err)
		}
		died := 0
		for i := 1; i < len(trace.Steps); i++ {
			swept, freed := sweptAt(&trace.Steps[i-1], &trace.Steps[i]), []int{}
			for _, d := range trace.Steps[i].Died {
				freed = append(freed, d.Object)
			}
			slices.Sort(freed)
			if !slices.Equal(swept, freed) {
				t.Errorf("Node.js %s, step %d: mark and sweep frees %v, V8 freed %v", trace.Node, i+1, swept, freed)
			}
			died += len(freed)
		}
		// Two elements of the list, a and b, the rest of the list, and the last three.
		if died < 7 {
			t.Errorf("Node.js %s: %d objects died", trace.Node, died)
		}
	}
}

// sweptAt runs mark and sweep on the objects of both steps with the variables of
// the later one: on what was there before V8 collected.
func sweptAt(before, after *lab.Step) []int {
	s := lab.Step{Frames: after.Frames, Objects: slices.Clone(after.Objects)}
	for _, o := range before.Objects {
		if !slices.ContainsFunc(s.Objects, func(other lab.Object) bool { return other.ID == o.ID }) {
			s.Objects = append(s.Objects, o)
		}
	}
	g := Of(&s)
	swept := append([]int{}, g.IDs(Mark(g.Graph).Swept)...)
	slices.Sort(swept)
	return swept
}
