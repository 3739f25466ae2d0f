package stage

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumb-dev/plumb/internal/lab"
	"github.com/plumb-dev/plumb/internal/lab/record"
)

func nodes(t *testing.T) []string {
	t.Helper()
	if list := filepath.SplitList(os.Getenv("PLUMB_NODES")); len(list) > 0 {
		return list
	}
	bin, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	return []string{bin}
}

const source = `let kept = [];
// stage: allocate
kept.push(new Array(100000).fill(1.5), Buffer.alloc(3000000));
// stage: let go
kept = null;
global.gc();
plumbStage('called');
let late = { size: new Array(2000).fill(2.5) };
late = null;
global.gc();
plumbStage('last');
console.log('done');
`

func TestStages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "app.js")
	if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bin := range nodes(t) {
		r, err := Run(t.Context(), bin, path, nil)
		if err != nil {
			t.Fatal(err)
		}
		trace, err := record.Record(t.Context(), path, record.Options{Node: bin, Steps: 100, Time: time.Minute, Checkpoint: record.FewCheckpoints})
		if err != nil {
			t.Fatal(err)
		}
		r.Died(trace)
		stage := map[string]Stage{}
		var names []string
		for _, s := range r.Stages {
			stage[s.Name] = s
			names = append(names, s.Name)
		}
		want := []string{"(before the program)", "allocate", "let go", "called", "last", "(collection after the end)"}
		if !slices.Equal(names, want) {
			t.Fatalf("stages %q, want %q", names, want)
		}
		if c := stage["allocate"].Change; c.HeapUsed < 700_000 || c.ArrayBuffers < 3_000_000 || c.External < c.ArrayBuffers {
			t.Errorf("allocate changed the memory by %+v", c)
		}
		if c := stage["let go"]; c.Change.HeapUsed > -700_000 || !slices.ContainsFunc(c.Collections, func(c lab.Collection) bool {
			return c.Kind == "mark-compact" && c.Milliseconds > 0 && c.Freed() > 700_000
		}) {
			t.Errorf("let go is %+v, want a mark-compact that freed the array", c)
		}
		if died := strings.Join(stage["let go"].Died, "; "); !strings.Contains(died, "Array (had been held by kept") {
			t.Errorf("let go: died %q, want the array that kept had held", died)
		}
		if died := strings.Join(stage["called"].Died, "; "); !strings.Contains(died, "Object (had been held by late") {
			t.Errorf("called: died %q, want the object that late had held", died)
		}
		if r.Output != "done\n" {
			t.Errorf("printed %q", r.Output)
		}
	}
}
