package hunt

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/leak/source"
	"github.com/plumb-dev/plumb/internal/profile"
)

const handlers = `const log = [];
function other() { return log.length; }
const handle = (req) => {
  // log.push in a comment
  const text = "}" + log.length;
  if (text) {
    log.push({ text });
  }
};
const short = (x) => set.add(x);
const after = () => log.push(1);
`

func TestLineUsing(t *testing.T) {
	read := func(string) ([]byte, error) { return []byte(handlers), nil }
	for _, c := range []struct {
		line, column int
		variable     string
		want         int
	}{
		{3, 16, "log", 7},
		{2, 15, "log", 2},
		{10, 15, "set", 10},
		{10, 15, "log", 0}, // the next function's is none of it
		{3, 16, "lo", 0},
		{3, 16, "", 0},
		{99, 1, "log", 0},
	} {
		if got, _ := lineUsing(leak.Place{File: "a.js", Line: c.line, Column: c.column}, c.variable, read); got != c.want {
			t.Errorf("%q from line %d: %d, want %d", c.variable, c.line, got, c.want)
		}
	}
}

func TestAllocationSites(t *testing.T) {
	frame := func(url, function string, line int, bytes float64, children ...profile.Node) profile.Node {
		n := profile.Node{SelfSize: bytes, Children: children}
		n.CallFrame.URL, n.CallFrame.FunctionName, n.CallFrame.LineNumber = url, function, line
		return n
	}
	sampled := &profile.Profile{Head: frame("", "(root)", 0, 5,
		frame("file:///srv/app.mjs", "handle", 9, 100,
			frame("node:internal/map", "set", 1, 50),
			frame("/srv/node_modules/lru/index.js", "put", 3, 70)),
		frame("/srv/node_modules/express/router.js", "next", 4, 20),
		frame("node:http", "parse", 4, 500),
	)}
	sites := allocationSites(&thread{profile: sampled})
	if len(sites) != 2 || sites[0].Bytes != 220 || sites[0].Function != "handle" || sites[0].Line != 10 || sites[1].Function != "next" {
		t.Errorf("%+v", sites)
	}
}

// TestFollowMaps holds that a function and a line of compiled TypeScript are told
// as those of the text that it was made of.
func TestFollowMaps(t *testing.T) {
	folder, err := filepath.Abs("../../examples/leaks/typescript")
	if err != nil {
		t.Fatal(err)
	}
	compiled := filepath.Join(folder, "dist", "leaky.js")
	sites := []Site{ // the first one only looks at the variable
		{Place: leak.Place{File: compiled, Line: 9, Column: 46, Exact: true}},
		{Place: leak.Place{File: compiled, Line: 6, Column: 18, Function: "remember", Exact: true}},
	}
	findings := []leak.Finding{{Variable: "recentVisits"}, {}}
	assign(findings, sites, os.ReadFile)
	followMaps(findings, sites, source.NewReader(os.ReadFile))
	original := filepath.Join(folder, "src", "leaky.ts")
	if at := findings[0].Allocated; at == nil || at.File != original || at.Line != 14 || at.Function != "remember" {
		t.Errorf("allocated at %+v", at)
	}
	if at := sites[1]; at.File != original || at.Line != 13 || at.Function != "remember" {
		t.Errorf("site %+v", at)
	}
}
