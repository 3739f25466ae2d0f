package render_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/plumb-dev/plumb/internal/lint"
	"github.com/plumb-dev/plumb/internal/lint/config"
	"github.com/plumb-dev/plumb/internal/lint/render"
	"github.com/plumb-dev/plumb/internal/lint/rule"
)

// odd are results with all that there can be in one.
func odd(t *testing.T) map[string]*render.Report {
	strange := lint.Text(t.Context(), "/srv/app/a b/\u202e:c.js", "x = 1; /* \u202e\t */ y = '](z)';\n"+strings.Repeat(" ", 5000)+"long = 2; // \U0001F600\n", &config.Config{})
	strange.Findings[0].Suppressed = "it is\nmeant"
	strange.Findings[1].Evidence = &lint.Evidence{Verdict: lint.Confirmed, Counts: []int{1, 2}, PerRequest: 1}
	strange.Findings[2].Severity, strange.Findings[2].Evidence = rule.Suspicion, &lint.Evidence{Verdict: lint.Cleared, Counts: []int{2, 2}}
	strange.Problems = append(strange.Problems, lint.Problem{File: "b\n.js", Reason: "100 % wrong"})
	return map[string]*render.Report{
		"strange": {Result: strange, Version: "1.0", Root: "/srv/app/"},
		"nothing": {Result: lint.Text(t.Context(), "a.js", "", &config.Config{})},
	}
}

// TestSARIFSchema holds SARIF to the schema of the standard.
func TestSARIFSchema(t *testing.T) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile(filepath.Join("..", "..", "report", "testdata", "schema", "sarif-2.1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range odd(t) {
		var out bytes.Buffer
		if err := r.SARIF(&out); err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(&out)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLines holds that nothing of a file leaves its line: not in text, not in
// the commands of a workflow, and that text ends where the terminal does.
func TestLines(t *testing.T) {
	for name, r := range odd(t) {
		for _, r.Width = range []int{0, 24, 40, 80} {
			var text, commands bytes.Buffer
			if err := r.Text(&text); err != nil {
				t.Fatal(err)
			}
			if err := r.GitHub(&commands); err != nil {
				t.Fatal(err)
			}
			if strings.ContainsAny(text.String(), "\u202e\t\x1b") {
				t.Errorf("%s: text moves the cursor:\n%q", name, &text)
			}
			for line := range strings.Lines(text.String()) {
				if n := len([]rune(strings.TrimSuffix(line, "\n"))); r.Width > 0 && n > r.Width && !strings.Contains(line, "plumb lint ") {
					t.Errorf("%s, width %d: a line of %d: %s", name, r.Width, n, line)
				}
			}
			for line := range strings.Lines(commands.String()) {
				if !strings.HasPrefix(line, "::") {
					t.Errorf("%s: no command: %q", name, line)
				}
			}
		}
	}
}

// TestFrame holds where the mark stands: below the name, also in a line that is
// cut around it.
func TestFrame(t *testing.T) {
	for _, src := range []string{"x = 1;", "\t\tx = 1;", "/* \U0001F600\u00e9 */ x = 1;", strings.Repeat("f(); ", 100) + "x = 1; " + strings.Repeat("f(); ", 100)} {
		r := &render.Report{Result: lint.Text(t.Context(), "a.js", src, &config.Config{}), Width: 60}
		var out strings.Builder
		if err := r.Text(&out); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(out.String(), "\n")
		for i, line := range lines {
			if at := strings.IndexRune(line, '^'); at >= 0 {
				above := strings.ReplaceAll(lines[i-1], "\U0001F600", "??") // two columns
				if got := []rune(above)[at]; got != 'x' {
					t.Errorf("%.40q: the mark is below %q:\n%s", src, got, out.String())
				}
			}
		}
		if !strings.Contains(out.String(), "^") {
			t.Errorf("no mark:\n%s", out.String())
		}
	}
	// Letters of two columns have two marks.
	r := &render.Report{Result: lint.Text(t.Context(), "a.js", "名前 = 1;", &config.Config{})}
	var out strings.Builder
	if err := r.Text(&out); err != nil || strings.Count(out.String(), "^") != 4 {
		t.Errorf("%v\n%s", err, out.String())
	}
}
