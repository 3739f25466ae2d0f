package docs

import (
	"slices"
	"strings"
	"testing"
)

// TestWrongLines holds that the checks find what is wrong: a check that finds nothing
// looks like documentation without a mistake.
func TestWrongLines(t *testing.T) {
	for _, line := range []string{
		"plumb hnut -- node app.js",
		"plumb heap summarise FILE",
		"plumb hunt --roundz 3 -- node app.js",
		"plumb hunt --rounds many -- node app.js",
		"plumb load URL -n 7000 -Z",
		"plumb status|restrat APP",
		"plumb hunt --expect-fxied before/hunt.json",
	} {
		if err := checkPlumb(split(line)[1:]); err == nil {
			t.Errorf("%q passes", line)
		}
	}
	for _, line := range []string{
		"plumb hunt -- node app.js --any-flag",
		"plumb load URL -n 7000 -c 10 -k",
		"plumb memory PID --every ...",
		"plumb restart|stop|logs server",
		"plumb COMMAND --help",
	} {
		if err := checkPlumb(split(line)[1:]); err != nil {
			t.Errorf("%q: %v", line, err)
		}
	}
	if checkMake([]string{"test"}, []string{"tset"}) == nil || checkGo([]string{"run", "./test/nothing"}) == nil {
		t.Error("a wrong verb or package passes")
	}
}

func TestTyped(t *testing.T) {
	p := &page{
		prose: "Use `plumb ps` or `plumb\nfleet open`.",
		blocks: []block{
			{lines: []string{"$ plumb gc 1 | head", "plumb redact a -o - | plumb heap info -   explained", `plumb hunt \`, "  -n 5", "plumb: api started"}},
			{info: "yaml", lines: []string{"  - run: plumb lint src", "    - PORT=1 plumb hunt -- node a.js"}},
			{info: "json", lines: []string{"plumb nothing"}},
		},
	}
	var got []string
	for _, l := range typed(p) {
		if l.words[0] == "plumb" {
			got = append(got, strings.Join(l.words, " "))
		}
	}
	want := []string{
		"plumb gc 1", "plumb redact a -o -", "plumb heap info -", "plumb hunt -n 5", "plumb lint src", "plumb hunt -- node a.js",
		"plumb ps", "plumb fleet open",
	}
	if !slices.Equal(got, want) {
		t.Errorf("typed:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAnchors(t *testing.T) {
	got := anchors([]string{"# plumb hunt", "text", "## Ctrl-C, and `what` goes [wrong](x.md)", "## JSON", "### JSON"})
	want := []string{"plumb-hunt", "ctrl-c-and-what-goes-wrong", "json", "json-1"}
	if !slices.Equal(got, want) {
		t.Errorf("anchors %q, want %q", got, want)
	}
	all := map[string]*page{"README.md": {path: "README.md", heads: []string{"b"}}}
	from := &page{path: "docs/x.md"}
	for target, wrong := range map[string]bool{"../nothing.md": true, "../../etc": true, "../README.md": false} {
		if got := missing(all, from, target, "", false) != ""; got != wrong {
			t.Errorf("missing(%s) = %v", target, got)
		}
	}
	if missing(all, from, "../README.md", "b", true) != "" || missing(all, all["README.md"], "", "c", true) == "" {
		t.Error("an anchor that is there is missing, or one that is not is found")
	}
}
