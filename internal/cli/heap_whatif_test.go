package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhatIf(t *testing.T) {
	path := queue(50, 0).File(t, "0.heapsnapshot")
	whatIf := func(args ...string) (string, error) {
		var out bytes.Buffer
		a := &app{in: strings.NewReader(""), out: &out, err: &bytes.Buffer{}, noIndex: true, quiet: true}
		cmd := newHeapWhatIfCommand(a)
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		cmd.SetArgs(append([]string{path}, args...))
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
		if _, err := whatIf(bad...); err == nil || len(hintsOf(err)) == 0 {
			t.Errorf("%v: %v", bad, err)
		}
	}
}
