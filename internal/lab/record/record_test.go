package record

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"github.com/plumb-dev/plumb/internal/lab"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// eachNode runs a test with the Node.js on the PATH, or with each binary in
// PLUMB_NODES.
func eachNode(t *testing.T, test func(t *testing.T, bin string)) {
	t.Helper()
	bins := filepath.SplitList(os.Getenv("PLUMB_NODES"))
	if len(bins) == 0 {
		bin, err := exec.LookPath("node")
		if err != nil {
			t.Skip("Node.js is not on the PATH")
		}
		bins = []string{bin}
	}
	for _, bin := range bins {
		out, err := exec.Command(bin, "--version").Output()
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSpace(string(out)), func(t *testing.T) { test(t, bin) })
	}
}

// written writes files into a folder and returns the path of the first.
func written(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, files[0])
}

func recorded(t *testing.T, path string, opts Options) *lab.Trace {
	t.Helper()
	if opts.Steps == 0 {
		opts.Steps = 200
	}
	if opts.Time == 0 {
		opts.Time = time.Minute
	}
	trace, err := Record(t.Context(), path, opts)
	if err != nil {
		t.Fatal(err)
	}
	// What is written can be read, and is the same.
	var text bytes.Buffer
	if err := lab.Write(&text, trace); err != nil {
		t.Fatal(err)
	}
	again, err := lab.Read(&text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(trace, again, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("written and read again:\n%s", diff)
	}
	return trace
}

// lines are the places of the steps.
func lines(trace *lab.Trace) []string {
	var all []string
	for _, s := range trace.Steps {
		name := trace.Files[s.File].Name
		all = append(all, name+" "+strings.TrimSpace(strings.Split(trace.Files[s.File].Source, "\n")[s.Line-1]))
	}
	return all
}

func variable(s lab.Step, name string) lab.Variable {
	for _, f := range s.Frames {
		for _, v := range f.Variables {
			if v.Name == name {
				return v
			}
		}
	}
	return lab.Variable{}
}

func at(t *testing.T, trace *lab.Trace, line string) lab.Step {
	t.Helper()
	i := slices.IndexFunc(lines(trace), func(l string) bool { return strings.Contains(l, line) })
	if i < 0 {
		t.Fatalf("no step before %q in %q", line, lines(trace))
	}
	return trace.Steps[i]
}

const lifeAndDeath = `let user = { name: 'Stanley', tags: ['a', 'b'] };
function keep(kept) {
  const cycle = { size: 1 };
  cycle.self = cycle;
  return () => kept;
}
const f = keep({ secret: true });
user = null;
console.log('user is gone');
setTimeout(() => {
  const late = { x: 0.5 };
  console.log(typeof f, late.x, user);
}, 1);
`

func TestDeaths(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		trace := recorded(t, written(t, "life.js", lifeAndDeath), Options{Node: bin, Checkpoint: FewCheckpoints})
		before, after := at(t, trace, "user = null"), at(t, trace, "user is gone")
		user := variable(before, "user").Value.Ref
		if user == 0 {
			t.Fatal("user refers to nothing")
		}
		i := slices.IndexFunc(after.Died, func(d lab.Death) bool { return d.Object == user })
		if i < 0 {
			t.Fatalf("died at user = null: %+v, want @%d among them", after.Died, user)
		}
		if d := after.Died[i]; d.Class != "Object" || d.Shallow == 0 || !slices.Contains(d.Held, "user") {
			t.Errorf("death %+v, want an Object with a size that user had held", d)
		}
		// The cycle dies although it refers to itself.
		if !slices.ContainsFunc(before.Died, func(d lab.Death) bool { return slices.Contains(d.Held, "cycle") }) {
			t.Errorf("died when keep returned: %+v, want what cycle had held", before.Died)
		}
		// What the closure captured is alive, and the closure is what leads to it.
		f := variable(after, "f").Value.Ref
		held := lab.Holders(&after)
		for _, o := range after.Objects {
			if slices.ContainsFunc(o.Props, func(p lab.Prop) bool { return p.Name == "secret" }) {
				if o.OutOfSight || o.Heap == nil || o.Heap.Retained < o.Heap.Shallow || len(held[o.ID]) == 0 {
					t.Errorf("what @%d captured is %+v, led to by %v", f, o, held[o.ID])
				}
				return
			}
		}
		t.Errorf("what keep has captured is not in %+v", after.Objects)
	})
}

// The inspector keeps what is printed; the recorder has it let go.
func TestPrintedObjectsDie(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		trace := recorded(t, written(t, "print.js", "function go() {\n  let a = {}, b = { a };\n  a.b = b;\n  console.log(a, b);\n}\ngo();\nlet end = 1;\nend = 2;\n"), Options{Node: bin, Checkpoint: FewCheckpoints})
		died := 0
		for _, s := range trace.Steps {
			died += len(s.Died)
		}
		if died < 2 {
			t.Errorf("%d objects died, want the two of the cycle", died)
		}
	})
}

func TestTimersAndOutput(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		trace := recorded(t, written(t, "life.js", lifeAndDeath), Options{Node: bin})
		late := at(t, trace, "console.log(typeof f")
		if v := variable(late, "user"); !v.Context || v.Value.Type != "null" {
			t.Errorf("user in the timer is %+v, want null in a context", v)
		}
		var printed string
		for _, s := range trace.Steps {
			printed += s.Output
		}
		if printed += trace.End.Output; printed != "user is gone\nfunction 0.5 null\n" {
			t.Errorf("printed %q", printed)
		}
		if trace.End.Reason != lab.Finished || trace.End.Exit != 0 {
			t.Errorf("ended with %+v", trace.End)
		}
	})
}

func TestSeveralFiles(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		required := recorded(t, written(t, "main.js", "const { add } = require('./add');\nconst two = add(1, 1);\n", "add.js", "const base = 0;\nexports.add = (a, b) => base + a + b;\n"), Options{Node: bin})
		want := []string{
			"main.js const { add } = require('./add');",
			"add.js const base = 0;", "add.js exports.add = (a, b) => base + a + b;", "add.js ",
			"main.js const two = add(1, 1);", "add.js exports.add = (a, b) => base + a + b;", "main.js ",
		}
		if got := lines(required); !cmp.Equal(withoutEnds(got), withoutEnds(want)) {
			t.Errorf("steps through files that are required:\n%s", cmp.Diff(withoutEnds(want), withoutEnds(got)))
		}
		modules := recorded(t, written(t, "main.mjs", "import { make } from './make.mjs';\nconst one = make(1);\nawait null;\nconst late = one;\n", "make.mjs", "export function make(n) {\n  return { n };\n}\n"), Options{Node: bin})
		for _, line := range []string{"const one = make(1);", "return { n };", "const late = one;"} {
			at(t, modules, line)
		}
	})
}

// withoutEnds leaves out the stop after a file's last line, which some versions
// make.
func withoutEnds(lines []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return strings.HasSuffix(l, " ") })
}

func TestTypeScript(t *testing.T) {
	const source = "interface User {\n  name: string;\n}\n\nexport function greet(user: User): string {\n  const text: string = 'hi ' + user.name;\n  return text;\n}\ngreet({ name: 'Stanley' });\n"
	built := api.Transform(source, api.TransformOptions{Loader: api.LoaderTS, Format: api.FormatCommonJS, Sourcemap: api.SourceMapInline, Sourcefile: "app.ts"})
	if len(built.Errors) > 0 {
		t.Fatal(built.Errors)
	}
	eachNode(t, func(t *testing.T, bin string) {
		trace := recorded(t, written(t, "app.js", string(built.Code)), Options{Node: bin})
		s := at(t, trace, "app.ts return text;")
		if v := variable(s, "text"); v.Value.Text != `"hi Stanley"` {
			t.Errorf("text is %+v", v)
		}
	})
}

func TestLimits(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		path := written(t, "endless.js", "let n = 0;\nfor (;;) {\n  n++;\n}\n")
		if trace := recorded(t, path, Options{Node: bin, Steps: 20}); trace.End.Reason != lab.StepLimit || len(trace.Steps) != 20 {
			t.Errorf("%d steps, %+v, want 20 and the step limit", len(trace.Steps), trace.End)
		}
		// Nothing to stop at: not even the first line is reached.
		empty := written(t, "empty.js", "for (;;) {\n}\n")
		if trace := recorded(t, empty, Options{Node: bin, Time: 2 * time.Second}); trace.End.Reason != lab.TimeLimit || trace.End.Exit != -1 {
			t.Errorf("an empty loop ended with %+v, want the time limit", trace.End)
		}
		idle := written(t, "idle.js", "setInterval(() => {}, 1e6);\n")
		if trace := recorded(t, idle, Options{Node: bin, Time: 2 * time.Second}); trace.End.Reason != lab.TimeLimit || len(trace.Steps) == 0 {
			t.Errorf("%d steps, %+v, want the time limit", len(trace.Steps), trace.End)
		}
	})
}

func TestFailures(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		thrown := recorded(t, written(t, "boom.js", "const a = 1;\nthrow new TypeError('boom');\n"), Options{Node: bin})
		if e := thrown.End; e.Reason != lab.Failed || e.Exit != 1 || e.Detail != "TypeError: boom" {
			t.Errorf("a program that throws ended with %+v", e)
		}
		// No getter and no trap of the program runs.
		quiet := recorded(t, written(t, "quiet.js", "const o = { get x() { console.log('getter'); return 1; } };\nconst p = new Proxy({}, { ownKeys() { console.log('trap'); return []; }, get() { console.log('trap'); } });\nconst end = [o, p];\n"), Options{Node: bin, Checkpoint: FewCheckpoints})
		if quiet.End.Output != "" || slices.ContainsFunc(quiet.Steps, func(s lab.Step) bool { return s.Output != "" }) {
			t.Errorf("recording ran code of the program: %+v", quiet)
		}
		large := recorded(t, written(t, "large.js", "const a = new Array(1e6).fill(7);\nconst end = a;\n"), Options{Node: bin})
		s := large.Steps[len(large.Steps)-1]
		if o := s.Objects[0]; o.Class != "Array" || o.More+len(o.Props) != 1e6 || len(o.Props) > 100 {
			t.Errorf("a large array is %s with %d elements and %d more", o.Class, len(o.Props), o.More)
		}
		path := written(t, "broken.js", "let = = 1;\n")
		trace, err := Record(t.Context(), path, Options{Node: bin, Steps: 10, Time: time.Minute})
		if err == nil && trace.End.Reason != lab.Failed || err != nil && !strings.Contains(err.Error(), "SyntaxError") {
			t.Errorf("a program that does not parse: %+v, %v", trace, err)
		}
	})
}

// TestWorker holds that a program with a worker thread runs to its end.
func TestWorker(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		path := written(t, "app.js", `const { Worker } = require('worker_threads');
new Worker("require('worker_threads').parentPort.postMessage(1)", { eval: true }).on('message', (n) => {
	console.log('got', n);
});
`)
		trace := recorded(t, path, Options{Node: bin})
		output := trace.End.Output
		for _, s := range trace.Steps {
			output += s.Output
		}
		if trace.End.Reason != lab.Finished || trace.Workers != 1 || output != "got 1\n" {
			t.Errorf("ended as %+v with %d workers, printed %q", trace.End, trace.Workers, output)
		}
	})
}

// TestStripped holds that TypeScript that Node.js runs by itself is stepped through
// in its own lines, and that where it cannot, its own complaint is told.
func TestStripped(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		path := written(t, "app.ts", `interface User { name: string }
let user: User | null = { name: 'Ada' };
user = null;
`)
		trace, err := Record(t.Context(), path, Options{Node: bin, Steps: 10, Time: time.Minute})
		if strings.Contains(t.Name(), "/v20.") {
			if err == nil || !strings.Contains(err.Error(), "SyntaxError: Unexpected identifier 'User'") {
				t.Errorf("error %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		var lines []int
		for _, s := range trace.Steps {
			lines = append(lines, s.Line)
		}
		if len(lines) < 2 || lines[0] != 2 || lines[1] != 3 || !strings.HasPrefix(trace.Files[0].Source, "interface") {
			t.Errorf("stepped through lines %v of %q", lines, trace.Files[0].Source)
		}
	})
}
