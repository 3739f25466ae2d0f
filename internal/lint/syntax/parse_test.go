package syntax_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/grafana/sobek/ast"

	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// find is the place of the first identifier of a name.
func find(t *testing.T, f *syntax.File, name string) (p syntax.Position, ok bool) {
	t.Helper()
	found := false
	var walk func(ast.Node)
	walk = func(n ast.Node) {
		if id, is := n.(*ast.Identifier); is && id.Name.String() == name && !found {
			found = true
			p, ok = f.At(id.Idx)
		}
		syntax.Children(n, walk)
	}
	for _, s := range f.Body {
		walk(s)
	}
	if !found {
		t.Errorf("no %s in %s", name, f.Path)
	}
	return p, ok
}

// TestPlaces holds that places are those of the text that a person wrote, in
// whatever language, counted in UTF-16 units.
func TestPlaces(t *testing.T) {
	for _, tt := range []struct {
		path, src    string
		line, column int
		module       bool
	}{
		{"a.js", "here;", 1, 1, false},
		{"a.js", "#!/usr/bin/env node\nhere;", 2, 1, false},
		{"a.js", "\ufeffhere;", 1, 1, false},
		{"a.js", "'\U0001F600é'; here;", 1, 8, false},
		{"a.js", "if (1) return;\r\n  here;", 2, 3, false}, // return is allowed at the top
		{"a.mjs", "await 1;\nhere;", 2, 1, true},
		{"a.js", "import x from 'y';\nhere;", 2, 1, true},
		{"a.js", "await 1;\nhere;", 2, 1, true},
		{"a.js", "exports.a = 1;\n/* import */ here;", 2, 14, false},
		{"a.ts", "interface A { x: number }\n\nlet a: A = { x: here };", 3, 17, false},
		{"a.tsx", "export const X = () => <p>{here}</p>;", 1, 28, true},
		{"a.jsx", "const x = <p>\n  {here}</p>;", 2, 4, false},
		{"a.js", "const x = <p>{here}</p>;", 1, 15, false}, // JSX in a .js
		{"a.js", "async function f() { for await (const x of y) here(x); }", 1, 47, false},
		{"a.ts", "enum E { A }\nhere(E.A);", 2, 1, false},
	} {
		f, err := syntax.Parse(tt.path, tt.src, syntax.Unknown)
		if err != nil {
			t.Errorf("%q: %v", tt.src, err)
			continue
		}
		if p, ok := find(t, f, "here"); !ok || p != (syntax.Position{Line: tt.line, Column: tt.column}) || f.Module != tt.module {
			t.Errorf("%s %q: at %+v (%t), module %t; want %d:%d, %t", tt.path, tt.src, p, ok, f.Module, tt.line, tt.column, tt.module)
		}
	}
}

// TestTypesOnly holds that a file of which nothing is left has no places.
func TestTypesOnly(t *testing.T) {
	f, err := syntax.Parse("a.ts", "export interface A { x: number }\nexport type B = A;\n", syntax.Unknown)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := f.At(1); ok || !f.Lowered() {
		t.Errorf("a file of types has places")
	}
}

// TestRefused holds that a text that is none, or would need too much, is an
// error with its reason, and its place.
func TestRefused(t *testing.T) {
	deep := strings.Repeat("[", 100_000)
	for _, tt := range []struct{ path, src, reason string }{
		{"a.js", "let a = ;", "1:9: "},
		{"a.js", "\n\n  let = = 3;", "3:9: "},
		{"a.js", "function f({ c: [d = g] = [] }) {}", "1:18: Invalid destructuring"}, // the parser's gap
		{"a.mjs", "})(function(){", "1:1: "},
		{"a.js", "})(); (function(){", ""},
		{"a.ts", "let a: = 3;", "1:8: "},
		{"a.js", "a\x00b", "it is no text"},
		{"a.js", "a\xff\xfeb", "1:2: "},
		{"a.js", deep, "1:1: brackets are nested more than 2000 deep"},
		{"a.js", strings.Repeat("(", 2500) + strings.Repeat(")", 2500), "nested"},
		{"a.js", "a = `" + strings.Repeat("${`", 3000), "nested"},
		{"a.js", "x = " + strings.Repeat("!", 300_000) + "1", "one expression is longer than 200 kB"},
		{"a.js", "x = " + strings.Repeat("a?b:", 100_000) + "1", "one expression"},
		{"a.js", strings.Repeat("if(a)", 100_000) + ";", "one expression"},
		{"a.js", strings.Repeat("a+", 200_000) + "1", "one expression"},
		{"a.js", strings.Repeat("// x\n", 500_000), "it has 2.5 MB"},
	} {
		_, err := syntax.Parse(tt.path, tt.src, syntax.Unknown)
		var wrong *syntax.Error
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), tt.reason) {
			t.Errorf("%.30q: %v, want %q", tt.src, err, tt.reason)
		}
	}
}

// TestAllowed holds that the bounds are not met by what people write: long
// strings, data, comments and regular expressions with brackets.
func TestAllowed(t *testing.T) {
	for _, src := range []string{
		"x = '" + strings.Repeat("(", 300_000) + "';",
		"x = [" + strings.Repeat("'a',\n", 50_000) + "];",
		"// " + strings.Repeat("(", 300_000) + "\nx = /[(/]/g.test('`'); y = a / b; z = `${a}${`${b}`}`;",
		strings.Repeat("/", 2) + "*" + "\n" + strings.Repeat("a = {b: [1, /\\//, '\\'']};\n", 5000),
		strings.Repeat("function f() { return /[)]}/.test(x) }\n", 3000),
	} {
		if _, err := syntax.Parse("a.js", src, syntax.Unknown); err != nil {
			t.Errorf("%.30q: %v", src, err)
		}
	}
}
