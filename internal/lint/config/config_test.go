package config

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/plumb-dev/plumb/internal/lint/rule"
)

func TestParse(t *testing.T) {
	c, err := parse("plumb.yaml", []byte(`
lint:
  rules:
    unbounded-cache: off
    interval-never-cleared: warning
  files: ["src/**"]
  ignore:
    - src/old/**
  globals: [sails, db]
`))
	if err != nil {
		t.Fatal(err)
	}
	cache, _ := rule.Find("unbounded-cache")
	interval, _ := rule.Find("interval-never-cleared")
	global, _ := rule.Find("accidental-global")
	if c.Severity(cache) != rule.Off || c.Severity(interval) != rule.Warning || c.Severity(global) != rule.Error {
		t.Errorf("rules %v", c.Rules)
	}
	if !slices.Equal(c.Files, []string{"src/**"}) || !slices.Equal(c.Ignore, []string{"src/old/**"}) || !slices.Equal(c.Globals, []string{"sails", "db"}) {
		t.Errorf("%+v", c)
	}
	for _, empty := range []string{"", "# nothing\n", "lint:\n", "lint:\n  rules:\n"} {
		if _, err := parse("plumb.yaml", []byte(empty)); err != nil {
			t.Errorf("%q: %v", empty, err)
		}
	}
}

// TestWrong holds that every mistake has its place, its key and its reason.
func TestWrong(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"lnt: {}", "plumb.yaml:1:1: lnt: is not known"},
		{"lint:\n  rule: {}", "plumb.yaml:2:3: lint.rule: is not known"},
		{"lint:\n  rules:\n    unbound-cache: off", "plumb.yaml:3:5: lint.rules.unbound-cache: is not known"},
		{"lint:\n  rules:\n    unbounded-cache: warn", `plumb.yaml:3:22: lint.rules.unbounded-cache: "warn" is no severity`},
		{"lint:\n  rules:\n    unbounded-cache: [off]", `plumb.yaml:3:22: lint.rules.unbounded-cache: "" is no severity`},
		{"lint:\n  ignore: src", "plumb.yaml:2:11: lint.ignore: is no list"},
		{"lint:\n  ignore: ['a[']", `plumb.yaml:2:12: lint.ignore: "a[" is no glob`},
		{"lint:\n  globals: [{a: 1}]", "plumb.yaml:2:13: lint.globals: has an item that is no text"},
		{"lint: [1]", "plumb.yaml:1:7: lint: has no keys"},
		{"lint:\n  ignore: [a]\n  files: [b]\n  ignore: [c]", "plumb.yaml:4:3: lint.ignore: is there twice"},
		{"lint:\nlint:", "plumb.yaml:2:1: lint: is there twice"},
		{"- lint", "plumb.yaml:1:1: has no keys"},
		{"lint: {", "plumb.yaml:2:1: "},
		{"\x00", "plumb.yaml"},
	} {
		_, err := parse("plumb.yaml", []byte(tt.text))
		var wrong *Error
		if !errors.As(err, &wrong) || err.Error()[:min(len(err.Error()), len(tt.want))] != tt.want {
			t.Errorf("%q: %v, want %s", tt.text, err, tt.want)
		}
	}
}

// TestFindConfig holds that the nearest file counts.
func TestFindConfig(t *testing.T) {
	dir := t.TempDir()
	inner := filepath.Join(dir, "a", "b")
	if err := os.MkdirAll(inner, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, Name), []byte("lint:\n  globals: [x]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Find(inner)
	if err != nil || c.Base() != dir || !slices.Equal(c.Globals, []string{"x"}) {
		t.Errorf("%+v, %v", c, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("lint:\n  rules:\n    unbounded-cache: off\n  ignore: ['a/**']\n"))
	f.Add([]byte("lint: &a [*a]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := parse("plumb.yaml", data); err != nil {
			if wrong := (*Error)(nil); !errors.As(err, &wrong) {
				t.Errorf("%v is no *Error", err)
			}
		}
	})
}
