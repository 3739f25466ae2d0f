package profile

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"
	"pgregory.net/rapid"
)

// fromNode is the profile of testdata/app.cjs: real V8.
func fromNode(t *testing.T) *Profile {
	t.Helper()
	app, err := filepath.Abs(filepath.Join("testdata", "app.cjs"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := exec.Command("node", "--heap-prof", "--heap-prof-interval=4096", "--heap-prof-dir="+dir, "--heap-prof-name=app.heapprofile", app)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("node: %v\n%s", err, out)
	}
	f, err := os.Open(filepath.Join(dir, "app.heapprofile"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestNode(t *testing.T) {
	p := fromNode(t)
	if len(p.Samples) == 0 {
		t.Error("no samples were read")
	}
	sites := p.Sites()
	at := map[string]uint64{}
	for _, s := range sites {
		at[s.CallFrame.Name()+" "+filepath.Base(s.CallFrame.Place())] = s.Bytes
		if !filepath.IsAbs(s.CallFrame.File()) {
			t.Errorf("%s is not a path", s.CallFrame.File())
		}
	}
	// Each object with its array has about 120 bytes.
	for _, want := range []string{"keep app.cjs:5", "(anonymous) module.mjs:4"} {
		if n := at[want]; n < 3_000_000 || n > 20_000_000 {
			t.Errorf("%s allocated %d bytes of what is alive, want some megabytes; all: %v", want, n, at)
		}
	}
	if n := at["drop app.cjs:9"]; n > 2_000_000 {
		t.Errorf("drop keeps %d bytes, want next to nothing", n)
	}
	if first := p.Rows(false)[0]; first.Total < p.Total()/4 {
		t.Errorf("the hot path is not on top: %+v", first)
	}
}

// TestPprofTool holds that the tool of the Go distribution reads what is written.
func TestPprofTool(t *testing.T) {
	p := fromNode(t)
	p.Live = true
	path := filepath.Join(t.TempDir(), "app.pb.gz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.WritePprof(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "tool", "pprof", "-top", "-unit=B", path)
	cmd.Env = append(os.Environ(), "PPROF_TMPDIR="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go tool pprof: %v\n%s", err, out)
	}
	for _, want := range []string{"Type: inuse_space", fmt.Sprintf("of %dB total", p.Total()), " keep\n", " (anonymous)\n"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("go tool pprof does not say %q:\n%s", want, out)
		}
	}
}

// random draws a profile: few functions, so that they call each other in many
// ways.
func random(t *rapid.T) *Profile {
	frames := []CallFrame{
		{"", "1", "/srv/app.js", 0, 0},
		{"a;b", "1", "file:///srv/app%20x.mjs", 9, 4},
		{"handle", "2", "/srv/node_modules/express/index.js", 3, 0},
		{"emit", "3", "node:events", 470, 2},
		{"JSON.parse", "0", "", -1, -1},
	}
	id := 0
	var node func(depth int) Node
	node = func(depth int) Node {
		id++
		n := Node{CallFrame: rapid.SampledFrom(frames).Draw(t, "frame"), ID: id, Children: []Node{}}
		n.SelfSize = float64(rapid.SampledFrom([]int{0, 0, 1, 40, 5000}).Draw(t, "self"))
		if depth > 0 {
			for range rapid.IntRange(0, 3).Draw(t, "calls") {
				n.Children = append(n.Children, node(depth-1))
			}
		}
		return n
	}
	head := node(5)
	head.CallFrame = CallFrame{"(root)", "0", "", -1, -1}
	return &Profile{Head: head, Samples: []Sample{{Size: 40, NodeID: 1, Ordinal: 1}}}
}

// TestSums holds that every form tells of the same bytes.
func TestSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := random(t)
		total := p.Total()

		var self, top uint64
		for _, r := range p.Rows(true) {
			self += r.Self
			if r.Depth == 0 {
				top += r.Total
			}
		}
		if want := total - p.Head.self(); self != want || top != want {
			t.Errorf("rows: self %d, total %d, want %d", self, top, want)
		}

		var sites uint64
		for _, s := range p.Sites() {
			sites += s.Bytes
		}
		if want := total - inNoSite(&p.Head); sites != want {
			t.Errorf("sites: %d, want %d", sites, want)
		}

		var text bytes.Buffer
		if err := p.WriteCollapsed(&text); err != nil {
			t.Fatal(err)
		}
		var collapsed uint64
		for line := bufio.NewScanner(&text); line.Scan(); {
			at := strings.LastIndexByte(line.Text(), ' ')
			n, err := strconv.ParseUint(line.Text()[at+1:], 10, 64)
			if err != nil {
				t.Fatalf("collapsed: %q: %v", line.Text(), err)
			}
			if strings.Contains(line.Text(), "a;b") {
				t.Errorf("a name splits its stack: %s", line.Text())
			}
			collapsed += n
		}
		if collapsed != total {
			t.Errorf("collapsed: %d, want %d", collapsed, total)
		}

		var packed bytes.Buffer
		if err := p.WritePprof(&packed); err != nil {
			t.Fatal(err)
		}
		back, err := profile.Parse(&packed)
		if err != nil {
			t.Fatal(err)
		}
		if err := back.CheckValid(); err != nil {
			t.Error(err)
		}
		var space uint64
		for _, s := range back.Sample {
			space += uint64(s.Value[0])
		}
		if space != total {
			t.Errorf("pprof: %d, want %d", space, total)
		}

		var file bytes.Buffer
		if err := p.Write(&file); err != nil {
			t.Fatal(err)
		}
		again, err := Read(&file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p, again); diff != "" {
			t.Errorf("written and read (-want +got):\n%s", diff)
		}
	})
}

// inNoSite sums what neither the program nor a package allocated or called for.
func inNoSite(n *Node) uint64 {
	if n.CallFrame.URL != "" && n.CallFrame.URL != "node:events" {
		return 0
	}
	sum := n.self()
	for i := range n.Children {
		sum += inNoSite(&n.Children[i])
	}
	return sum
}

// TestLargest holds that what is kept is a tree still.
func TestLargest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := random(t).Rows(rapid.Bool().Draw(t, "every"))
		n := rapid.IntRange(0, 20).Draw(t, "n")
		kept := Largest(rows, n)
		if len(kept) != min(n, len(rows)) {
			t.Fatalf("%d rows, want %d of %d", len(kept), n, len(rows))
		}
		depth := -1
		for _, r := range kept {
			if r.Depth > depth+1 {
				t.Fatalf("%+v has lost its caller", r)
			}
			depth = r.Depth
		}
	})
}

func TestRows(t *testing.T) {
	own := func(name string, self float64, calls ...Node) Node {
		return Node{CallFrame: CallFrame{name, "1", "/app.js", 4, 0}, SelfSize: self, Children: calls}
	}
	node := func(name string, self float64, calls ...Node) Node {
		return Node{CallFrame: CallFrame{name, "2", "node:http", 9, 0}, SelfSize: self, Children: calls}
	}
	p := &Profile{Head: Node{CallFrame: CallFrame{"(root)", "0", "", -1, -1}, Children: []Node{
		node("small", 3),
		node("accept", 0, node("emit", 2, own("handle", 100, own("handle", 50, node("push", 0, own("keep", 7))))), own("keep", 1)),
		node("large", 900),
	}}}
	show := func(rows []Row) string {
		var b strings.Builder
		for _, r := range rows {
			fmt.Fprintf(&b, "%s%s %d %d\n", strings.Repeat(" ", r.Depth), r.CallFrame.Name(), r.Self, r.Total)
		}
		return b.String()
	}
	want := "large 900 900\nhandle 150 157\n keep 7 7\nkeep 1 1\n"
	if diff := cmp.Diff(want, show(p.Rows(false))); diff != "" {
		t.Errorf("what matters (-want +got):\n%s", diff)
	}
	want = "large 900 900\naccept 0 160\n emit 2 159\n  handle 150 157\n   push 0 7\n    keep 7 7\n keep 1 1\nsmall 3 3\n"
	if diff := cmp.Diff(want, show(p.Rows(true))); diff != "" {
		t.Errorf("every function (-want +got):\n%s", diff)
	}
}

func TestPlace(t *testing.T) {
	for _, tt := range []struct{ url, want string }{
		{"/srv/app.js", "/srv/app.js:5"},
		{"file:///srv/my%20app/a.mjs", "/srv/my app/a.mjs:5"},
		{"file:///C:/app/a.mjs", "C:/app/a.mjs:5"},
		{`C:\app\a.js`, `C:\app\a.js:5`},
		{"node:fs", "node:fs:5"},
		{"file://%zz", "file://%zz:5"},
		{"", ""},
	} {
		if got := (CallFrame{URL: tt.url, LineNumber: 4}).Place(); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.url, got, tt.want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"empty":           {"", "ends too early"},
		"cut off":         {`{"head":{"callFrame":`, "ends too early"},
		"a heap snapshot": {`{"snapshot":{},"nodes":[]}`, "no tree"},
		"no JSON":         {"\x1f\x8b", "not JSON: invalid character"},
		"negative":        {`{"head":{"callFrame":{"functionName":"(root)"},"selfSize":-5}}`, "size of -5"},
		"no tree":         {`{"head":[]}`, "its head has the wrong type (array)"},
	} {
		if _, err := Read(strings.NewReader(tt.text)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}
