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
		{"a.mjs", "import async from 'async'; here;", 1, 28, true},
		{"a.mjs", "import defer * as a from 'b'; here;", 1, 31, true},
		{"a.mjs", "import source a from 'b.wasm'; here;", 1, 32, true},
		{"a.mjs", "import source deferred from 'b.wasm'; here;", 1, 39, true},
		{"a.mjs", "import source from 'b'; here;", 1, 25, true}, // a name
		{"a.ts", "const a: B = await import.defer('b'); here;", 1, 39, true},
		{"a.js", "'\xe9\xe9'; here;", 1, 7, false}, // Latin-1: a letter each
		{"a.js", "a;\r here;\r\nb;", 2, 2, false},
		{"a.js", "'\u2028'; here;", 1, 6, false},
		{"a.ts", "let a: b = '\u2028';\nhere;", 2, 1, false},
		{"a.mjs", "using a = b(); await using c = d(); for (using e of f) here;", 1, 56, true},
		{"a.js", "const o = {}; o.using = 1; let using; using\na = 2; here;", 2, 8, false},
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

// TestNotUTF8 holds where the first byte is that is not UTF-8.
func TestNotUTF8(t *testing.T) {
	for src, want := range map[string]syntax.Position{
		"a;\n'é';": {}, "a;\n'é\xe9';": {Line: 2, Column: 3}, "'\xc3';": {Line: 1, Column: 2}, "'\ufffd';": {},
	} {
		f, err := syntax.Parse("a.js", src, syntax.Unknown)
		if err != nil || f.Broken != want {
			t.Errorf("%q: %v, %+v, want %+v", src, err, f, want)
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
		{"a.js", "'é'; let = ;", "1:12: "},
		{"a.ts", "'é'; let a: = 3;", "1:13: "},
		{"a.js", "function f({ c: [d = g] = [] }) {}", "1:18: plumb's parser refuses this: Invalid destructuring"},
		{"a.ts", "let a: b;\nfunction f({ c: [d = g] = [] }) {}", "2:18: plumb's parser refuses this: "},
		{"a.mjs", "})(function(){", "1:1: "},
		{"a.js", "})(); (function(){", ""},
		{"a.ts", "let a: = 3;", "1:8: "},
		{"a.js", "a\x00b", "it is no text"},
		{"a.js", "\xff\xfea\x00", "it is UTF-16"},
		{"a.js", "a\xff\xfeb", "1:2: "},
		{"a.js", deep, "1:1: brackets are nested more than 2000 deep"},
		{"a.js", strings.Repeat("(", 2500) + strings.Repeat(")", 2500), "nested"},
		{"a.js", "a = `" + strings.Repeat("${`", 3000), "nested"},
		{"a.js", "x = " + strings.Repeat("!", 300_000) + "1", "one expression is longer than 200 kB"},
		{"a.js", "x = " + strings.Repeat("a?b:", 100_000) + "1", "one expression"},
		{"a.js", strings.Repeat("if(a)", 100_000) + ";", "one expression"},
		{"a.js", strings.Repeat("a+", 200_000) + "1", "one expression"},
		{"a.js", strings.Repeat("for(;;)", 100_000) + ";", "one expression"},
		{"a.js", strings.Repeat("if(a);else ", 100_000) + ";", "one if has more than 5000 else"},
		{"a.js", strings.Repeat("if(a){}else ", 100_000) + ";", "one if"},
		{"a.js", strings.Repeat("a:", 90_000) + ";", "labels"},
		// What stands after these is no text, and nests.
		{"a.js", "if (x) /`/.test(y);" + deep, "in doubt"},
		{"a.js", "x = {} /" + deep, "in doubt"},
		{"a.js", "a++ /" + deep, "in doubt"},
		{"a.js", "a.in /" + deep, "nested"},
		{"a.js", "of /" + deep, "in doubt"},
		{"a.ts", "a! /" + deep, "in doubt"},
		{"a.jsx", "<p>`</p>;" + deep, "in doubt"},
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
		strings.Repeat("if (a) { b(); } else if (c) d(); else { e(); }\n", 20_000),
		strings.Repeat("for (let i = 0; i < 3; i++) { a: b(/* (( */ (i + 1) / 2); }\n", 10_000),
		strings.Repeat("f(function () { g(); });\n", 20_000),
		"x = { " + strings.Repeat("a: b, ", 20_000) + "}; switch (y) { " + strings.Repeat("case a: case b: c(); ", 9000) + "}",
	} {
		if _, err := syntax.Parse("a.js", src, syntax.Unknown); err != nil {
			t.Errorf("%.30q: %v", src, err)
		}
	}
}
