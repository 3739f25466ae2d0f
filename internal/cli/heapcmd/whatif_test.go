package heapcmd

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/testheap"
)

func TestWhatIf(t *testing.T) {
	path := testheap.Queue(50, 0).File(t, "0.heapsnapshot")
	whatIf := func(args ...string) (string, error) {
		var out bytes.Buffer
		ui := &terminal.UI{In: strings.NewReader(""), Out: &out, Err: &bytes.Buffer{}, Quiet: true}
		cmd := newHeapCommand(ui)
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		cmd.SetArgs(append([]string{"whatif", "--no-index", path}, args...))
		err := cmd.ExecuteContext(t.Context())
		return out.String(), err
	}
	got, err := whatIf("13")
	want := `51 objects with 5.0 kB would be freed, of 5.1 kB in the snapshot.

Class  Objects    Size
Job         50  5.0 kB
Array        1    16 B
`
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if byReference, err := whatIf("--reference", "9.queue"); byReference != want || err != nil {
		t.Errorf("by reference: %v\n%s", err, byReference)
	}
	if kept, err := whatIf("--reference", "3.nothing"); err == nil {
		t.Errorf("no such reference: %s", kept)
	}
	for _, bad := range [][]string{{}, {"1"}, {"999999"}, {"x"}} {
		if _, err := whatIf(bad...); err == nil || len(terminal.HintsOf(err)) == 0 {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestFindReferences(t *testing.T) {
	b := testheap.Queue(3, 0)
	s := b.Open(t)
	for _, tt := range []struct {
		reference string
		want      int // edges, -1 an error
	}{{"13.queue", -1}, {"9.queue", 1}, {"9.nothing", -1}, {"queue", -1}, {"x.queue", -1}, {"#4.queue", 1}} {
		edges, err := findReferences(s, "x.heapsnapshot", tt.reference)
		if (err != nil) != (tt.want < 0) || err == nil && len(edges) != tt.want {
			t.Errorf("%s: %v, %v", tt.reference, edges, err)
		}
		if err != nil && len(terminal.HintsOf(err)) == 0 {
			t.Errorf("%s: no hint: %v", tt.reference, err)
		}
	}
	if s.Type(heap.Node(4)) != heap.Object {
		t.Error("the fourth node is not the scope any more")
	}
}
