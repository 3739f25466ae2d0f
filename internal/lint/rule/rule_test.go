package rule_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/internal/lint/flow"
	"github.com/plumb-dev/plumb/internal/lint/rule"
	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// alone is a file that is on its own.
type alone struct{}

func (alone) Global(string) bool       { return false }
func (alone) Import(string) *flow.Flow { return nil }

func check(t *testing.T, name, src string) []rule.Finding {
	t.Helper()
	f, err := syntax.Parse(name, src, syntax.Unknown)
	if err != nil {
		t.Fatal(err)
	}
	return rule.Check(flow.New(f, scope.Analyze(f)), alone{})
}

var block = regexp.MustCompile("(?s)```js\n(.*?)```")

// TestDocumentation holds that each rule is documented, that what it calls a
// leak is found in the line that it marks, and that its fix is clean.
func TestDocumentation(t *testing.T) {
	for _, r := range rule.All() {
		doc := r.Doc()
		for _, part := range []string{"# " + r.ID + "\n", "## Why it leaks", "## When it is fine", "## The fix", "## See it leak"} {
			if !strings.Contains(doc, part) {
				t.Errorf("%s: %q is missing", r.ID, part)
			}
		}
		code := block.FindAllStringSubmatch(doc, -1)
		if len(code) != 2 {
			t.Errorf("%s: %d blocks of code, want a leak and its fix", r.ID, len(code))
			continue
		}
		leaky, fixed := code[0][1], code[1][1]
		want := 0
		for i, line := range strings.Split(leaky, "\n") {
			if strings.HasSuffix(line, "// leaks") {
				want = i + 1
			}
		}
		found := check(t, r.ID+".js", leaky)
		if len(found) != 1 || found[0].Rule != r.ID || found[0].At.Line != want {
			t.Errorf("%s: want one finding in line %d, got %+v", r.ID, want, found)
		}
		if found := check(t, r.ID+".js", fixed); len(found) > 0 {
			t.Errorf("%s: the fix has findings: %+v", r.ID, found)
		}
	}
}

var update = flag.Bool("update", false, "rewrite the rules in docs/lint.md")

// TestPage holds that docs/lint.md has the documentation of all rules.
func TestPage(t *testing.T) {
	path := filepath.Join("..", "..", "..", "docs", "lint.md")
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	guide, _, ok := strings.Cut(string(page), "\n### ")
	if !ok && !*update {
		t.Fatal("docs/lint.md has no rules")
	}
	want := strings.TrimRight(guide, "\n") + "\n"
	for _, r := range rule.All() {
		want += "\n" + heading.ReplaceAllString(strings.TrimRight(r.Doc(), "\n"), "##$0") + "\n"
	}
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != string(page) {
		t.Error("docs/lint.md is not what the rules say: make golden rewrites it")
	}
}

// heading is one of Markdown's, outside of code that begins so.
var heading = regexp.MustCompile(`(?m)^#+ `)

// TestCircle holds that functions that call themselves and each other are
// followed no further than some steps.
func TestCircle(t *testing.T) {
	for _, body := range []string{
		"walk(n); walk(n.a);", "walk(n); walk(f(n.a)); walk(f(n));", "const m = f(n); walk(m); walk(`${m}`);",
	} {
		text := "const seen = new Map();\nfunction walk(n) { seen.set(n, 1); " + body + " }\nrequire('http').createServer((req, res) => { walk('a'); res.end(); });\n"
		if found := check(t, "a.js", text); len(found) > 0 {
			t.Errorf("%s: %v", body, found)
		}
	}
}

// TestFixes holds what a fix makes of a text: the finding is gone, and a declaration
// stands only where one can.
func TestFixes(t *testing.T) {
	for src, want := range map[string]string{
		"function f() {\n  x = 1;\n}":                       "function f() {\n  let x = 1;\n}",
		"switch (a) { case 1: x = 1; }":                     "switch (a) { case 1: let x = 1; }",
		"if (a) x = 1;":                                     "",
		"for (const a of b) x = 1;":                         "",
		"x = y = 1;":                                        "let x = y = 1;",
		server("", "\tsetInterval(f, 9);"):                  server("", "\tconst timer = setInterval(f, 9);\n\tres.on(\"close\", () => clearInterval(timer));"),
		server("", "if (a) setInterval(f);"):                "",
		"app.get('/x', (timer) => { setInterval(f, 9); });": "app.get('/x', (timer) => { const timer2 = setInterval(f, 9); });",
	} {
		found := check(t, "a.js", src)
		if len(found) == 0 {
			t.Errorf("%s: nothing is found", src)
			continue
		}
		got := ""
		if fix := found[0].Fix; fix != nil {
			lines := strings.SplitAfter(src, "\n")
			for _, e := range slices.Backward(fix.Edits) {
				line := &lines[e.At.Line-1]
				*line = (*line)[:e.At.Column-1] + e.Insert + (*line)[e.At.Column-1:]
			}
			got = strings.Join(lines, "")
		}
		if got != want {
			t.Errorf("%s\nbecomes\n%s\nwant\n%s", src, got, want)
		}
	}
}
