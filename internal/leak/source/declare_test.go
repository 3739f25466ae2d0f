package source

import (
	"strings"
	"testing"
)

func TestDeclared(t *testing.T) {
	tests := []struct {
		source, name string
		near, want   int
	}{
		{"// const a = 1\nconst a = [];\n", "a", 0, 2},
		{"const b = 1, a = [];\n", "a", 0, 1},
		{"const {\n  a,\n} = require('x');\n", "a", 0, 2},
		{"function f() {\n  let a;\n}\nfunction g() {\n  let a;\n}\n", "a", 5, 5},
		{"function f() {\n  let a;\n}\nfunction g() {\n  let a;\n}\n", "a", 3, 2},
		{"import { a } from './a.js';\n", "a", 0, 1},
		{"use(a);\na = [];\n", "a", 0, 2},
		{"class S {\n  byId = new Map();\n}\n", "byId", 0, 2},
		{"class S {\n  constructor() {\n    this.byId = new Map();\n  }\n}\n", "byId", 0, 3},
		{"class S {\n  static all = [];\n}\n", "all", 0, 2},
		{"exports.a = [];\n", "a", 0, 1},
		{"use(a);\nmodule.exports.a = [];\n", "a", 0, 2},
		{"class S {\n  #items = new Map();\n}\n", "items", 0, 2},
		{"function f(a, b) {\n}\n", "b", 0, 1},
		{"const $x = 1;\nconst x = 1;\n", "x", 0, 2},
		{"const a = [];\nexport { a as b };\n", "b", 0, 1},
		{"export { b as a };\nexport { a as b };\n", "a", 0, 2},
		{"function a(items) {\n}\nfunction b() {\n  const items = [];\n  use();\n}\n", "items", 5, 4},
		{"/* const a = 1 */ const s = 'const a = 1', t = `const a = ${1}`;\nvar x = /const a = 1/, a = 2;\n", "a", 0, 2},
		{"export default new Map();\n", "default", 0, 1},
		{"const other = 1;\n", "a", 0, 0},
		{"if (a == 1) {}\na.b = 1\n", "a", 0, 0},
	}
	for _, tt := range tests {
		if got := lineOf(tt.source, tt.name, tt.near); got != tt.want {
			t.Errorf("%q in %q near %d: line %d, want %d", tt.name, tt.source, tt.near, got, tt.want)
		}
	}
}

// lineOf is the line of the declaration, 0 for none; near is the line of the
// witness.
func lineOf(src, name string, near int) int {
	f := NewReader(nil).File("a.js", func() string { return src })
	at, ok := f.Declared(name, -1, f.Offset(near, 1))
	if !ok {
		return 0
	}
	line, _ := f.Position(at)
	return line
}

// TestScopes holds that of equal names the innermost around the witness counts,
// also in one line, as minifiers write it.
func TestScopes(t *testing.T) {
	const src = `var e=[];function n(r){let e=[];return function(c){e.push(c)}}function s(r){let e=1;return()=>e}`
	f := NewReader(nil).File("a.js", func() string { return src })
	for _, tt := range []struct {
		inside, witness string
		want            string
	}{
		{"", "function(c)", "e=[];return"},
		{"", "()=>e", "e=1"},
		{"", "n(r)", "e=[];function n"},
		{"(r){let e=1", "", "e=1"},
	} {
		inside, witness := -1, -1
		if tt.inside != "" {
			inside = strings.Index(src, tt.inside)
		}
		if tt.witness != "" {
			witness = strings.Index(src, tt.witness)
		}
		at, ok := f.Declared("e", inside, witness)
		if want := strings.Index(src, tt.want); !ok || at != want {
			t.Errorf("inside %q, seen by %q: %d, want %d", tt.inside, tt.witness, at, want)
		}
	}
	if at, ok := f.Function("n", strings.Index(src, "function(c)")); !ok || at != strings.Index(src, "n(r)") {
		t.Errorf("function n at %d", at)
	}
}

func FuzzDeclared(f *testing.F) {
	f.Add("const a = 1", "a", 0, 0)
	f.Add("class A { #a = `x${ {b: /]/} }`; static a; }", "a", 3, 7)
	f.Fuzz(func(t *testing.T, src, name string, inside, witness int) {
		file := NewReader(nil).File("a.js", func() string { return src })
		if at, ok := file.Declared(name, inside, witness); ok && (at < 0 || at >= len(src)) {
			t.Errorf("%q in %q at %d", name, src, at)
		}
	})
}
