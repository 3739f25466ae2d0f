package record

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-dev/plumb/internal/lab"
)

var update = flag.Bool("update", false, "rewrite testdata/trace.json")

// TestTrace holds a whole trace, which is the same on every version of Node.js once
// what is measured is left out of it: sizes, V8's numbers, collections.
func TestTrace(t *testing.T) {
	source := filepath.Join("testdata", "trace.js")
	golden := filepath.Join("testdata", "trace.json")
	eachNode(t, func(t *testing.T, bin string) {
		trace := recorded(t, source, Options{Node: bin, Checkpoint: FewCheckpoints})
		trace.Node = ""
		for i := range trace.Steps {
			normalise(&trace.Steps[i])
		}
		got, err := json.MarshalIndent(trace, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, '\n')
		if *update {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("the trace differs (-update rewrites it):\n%s", diff)
		}
	})
}

// normalise leaves out what is measured.
func normalise(s *lab.Step) {
	s.HeapUsed, s.Collections = 0, nil
	for i := range s.Frames {
		for j := range s.Frames[i].Variables {
			v := &s.Frames[i].Variables[j]
			v.Value.Size = 0
			if v.Value.Text == "(not yet set)" { // Node.js 20 says undefined
				v.Value.Text = "undefined"
			}
		}
	}
	for i := range s.Objects {
		s.Objects[i].Heap = nil
		for j := range s.Objects[i].Props {
			s.Objects[i].Props[j].Value.Size = 0
		}
	}
	for i := range s.Died {
		s.Died[i].Shallow = 0
	}
}
