package lint_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/internal/lint"
	"github.com/plumb-dev/plumb/internal/lint/config"
	"github.com/plumb-dev/plumb/internal/lint/rule"
)

// TestComments holds what suppresses a finding, and that a comment that does not
// is reported.
func TestComments(t *testing.T) {
	for _, tt := range []struct{ src, reason, problem string }{
		{"// plumb-disable-next-line accidental-global -- it is meant\na = 1;", "it is meant", ""},
		{"a = 1; // plumb-disable-line accidental-global, const-reassigned -- both", "both", ""},
		{"/* plumb-disable accidental-global -- a test's */\n\n\na = 1;", "a test's", ""},
		{"/**\n * plumb-disable accidental-global -- in a block\n */\na = 1;", "in a block", ""},
		{"// plumb-disable-next-line const-reassigned -- another\na = 1;", "", ""},
		{"// plumb-disable-next-line accidental-global -- too far\n\na = 1;", "", ""},
		{"// plumb-disable-next-line accidental-global\na = 1;", "", "gives no reason"},
		{"// plumb-disable-next-line accidental-global --\na = 1;", "", "gives no reason"},
		{"// plumb-disable-next-line\na = 1;", "", "names no rule"},
		{"// plumb-disable-next-line accidentl-global -- why\na = 1;", "", `no rule "accidentl-global"`},
		{"const s = 'plumb-disable accidental-global -- text'; a = 1;", "", ""},
	} {
		r := lint.Text(t.Context(), "a.js", tt.src, &config.Config{})
		if len(r.Findings) != 1 {
			t.Fatalf("%q: %+v", tt.src, r)
		}
		f := r.Findings[0]
		if f.Suppressed != tt.reason || f.Counts() != (tt.reason == "") || f.AtLeast(rule.Error) != f.Counts() {
			t.Errorf("%q: suppressed because %q", tt.src, f.Suppressed)
		}
		problem := ""
		if len(r.Problems) > 0 {
			problem = r.Problems[0].Reason
		}
		if (problem == "") != (tt.problem == "") || !strings.Contains(problem, tt.problem) {
			t.Errorf("%q: problem %q, want %q", tt.src, problem, tt.problem)
		}
	}
}

// TestGlobalsKnown holds that names are known from comments, the configuration
// and other files.
func TestGlobalsKnown(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.js": "global.db = open();\n",
		"b.js": "db = null; sails = 1; stray = 1;\n",
		"c.js": "/* global app, cache:writable */\napp = 1; cache = 2; exports = 3; regeneratorRuntime = 4;\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, err := lint.Run(t.Context(), []string{dir}, &config.Config{Globals: []string{"sails"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) != 1 || r.Findings[0].Name != "stray" {
		t.Errorf("%+v", r.Findings)
	}
}

// TestBadFiles holds that a file that cannot be looked at is listed and the
// others are looked at.
func TestBadFiles(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"good.js": "a = 1;\n", "binary.js": "\x7fELF\x00\x01", "wrong.js": "let = = 1;\n", "deep.js": strings.Repeat("[\n", 1<<19),
		"huge.js": strings.Repeat("f();\n", 10<<20), "empty.js": "", "min.js": strings.Repeat("a=1;", 2000),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	calls := 0
	r, err := lint.Run(t.Context(), []string{dir}, &config.Config{}, func(_, all int) { calls = all })
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, p := range r.Problems {
		got[filepath.Base(p.File)] = p.Reason
	}
	for name, want := range map[string]string{"binary.js": "no text", "wrong.js": "Unexpected", "deep.js": "nested", "huge.js": "52.4 MB"} {
		if !strings.Contains(got[name], want) {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
	if r.Files != 2 || len(r.Findings) != 1 || r.Skipped["minified or bundled"] != 1 || calls != 7 {
		t.Errorf("%d files, %d findings, %d calls, skipped %v", r.Files, len(r.Findings), calls, r.Skipped)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := lint.Run(ctx, []string{dir}, &config.Config{}, nil); err == nil {
		t.Error("a run that was cancelled has a result")
	}
}

// TestNamed holds that a file which is named is looked at, however it is named.
func TestNamed(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("min.js", []byte(strings.Repeat("a=1;", 2000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"min.js", "./min.js", ".//min.js"} {
		r, err := lint.Run(t.Context(), []string{name}, &config.Config{}, nil)
		if err != nil || r.Files != 1 {
			t.Errorf("%s: %v, %+v", name, err, r)
		}
	}
}

// TestNotUTF8 holds that a text in another encoding is looked at, and that this is
// said.
func TestNotUTF8(t *testing.T) {
	r := lint.Text(t.Context(), "a.js", "// \xe9\xe9\nx = 1;", &config.Config{})
	if len(r.Findings) != 1 || len(r.Problems) != 1 {
		t.Fatalf("%+v, %+v", r.Findings, r.Problems)
	}
	if p := r.Problems[0]; p.Line != 1 || p.Column != 4 || !strings.HasPrefix(p.Sentence(), "This is not UTF-8") {
		t.Errorf("%+v", p)
	}
}

// TestLarge holds that what repeats a thousandfold is looked at to its end: one
// property in many objects, names that lead to each other, a handler with all.
func TestLarge(t *testing.T) {
	many := func(text string) string {
		var out strings.Builder
		for i := range 3000 {
			out.WriteString(strings.ReplaceAll(text, "#", strconv.Itoa(i)))
		}
		return out.String()
	}
	for name, tt := range map[string]struct {
		text string
		want int
	}{
		"properties": {many("const a# = {d: []}; a#.d.push(1);\n"), 0},
		"classes":    {many("class A# { items = []; m() { this.items.push(1) } } const b# = new A#();\n"), 0},
		"globals":    {many("a# = 1; a# = 2;\n"), 3000},
		"circles":    {many("f = f(); g = f; f = g;\n") + "let f, g; http.createServer(f);", 0},
		"a handler":  {"http.createServer((req, res) => {\n" + many("a#.push(req); f#();\n") + "});" + many("const a# = [];"), 3000},
	} {
		r := lint.Text(t.Context(), "a.js", tt.text, &config.Config{})
		if len(r.Findings) != tt.want || len(r.Problems) > 0 {
			t.Errorf("%s: %d findings, want %d; %v", name, len(r.Findings), tt.want, r.Problems)
		}
	}
}

// TestSeverities holds that the configuration's severities count.
func TestSeverities(t *testing.T) {
	cfg := &config.Config{Rules: map[string]rule.Severity{"accidental-global": rule.Suspicion, "const-reassigned": rule.Off}}
	r := lint.Text(t.Context(), "a.js", "a = 1; const b = 1; b = 2;", cfg)
	if len(r.Findings) != 1 || r.Findings[0].Severity != rule.Suspicion || r.Findings[0].AtLeast(rule.Warning) || !r.Findings[0].AtLeast(rule.Suspicion) {
		t.Errorf("%+v", r.Findings)
	}
}

// FuzzText holds that no text makes the parser, the scopes or the rules panic or
// hang, and that places are inside it.
func FuzzText(f *testing.F) {
	for _, dir := range []string{"closure", "several", "shared-context", "class-static", "esm", "promise-race", "sliced-string", "express", "timer-closure"} {
		for _, name := range []string{"leaky.js", "leaky.mjs"} {
			if data, err := os.ReadFile(filepath.Join("..", "..", "examples", "leaks", dir, name)); err == nil {
				f.Add("a.js", string(data))
			}
		}
	}
	f.Add("a.ts", "enum A { B } @d class C { static #x = 1; declare y: number; constructor(private z: A) {} }")
	f.Add("a.jsx", "with (a) { label: for (const [b, { c = d }] of e) continue label; } <p {...q}>{r}</p>")
	f.Add("a.mjs", "export * as a from 'b'; export { c as default }; import d, * as e from 'f'; switch (g) { case 1: default: }")
	f.Add("a.js", "a?.b?.[c]?.(`${d}${`e`}`); async () => { for await (x of y) await z }; function* f() { yield* g }")
	f.Fuzz(func(t *testing.T, path, text string) {
		r := lint.Text(t.Context(), path, text, &config.Config{})
		for _, p := range r.Problems {
			if strings.Contains(p.Reason, "bug of plumb") || strings.Contains(p.Reason, "the parser failed") {
				t.Errorf("%q: %s", text, p.Reason)
			}
		}
		lines := 1 + strings.Count(text, "\n")
		for _, f := range r.Findings {
			if f.Line < 1 || f.Line > lines || f.Column < 1 {
				t.Errorf("%q: %d:%d %s", text, f.Line, f.Column, f.Rule)
			}
		}
	})
}
