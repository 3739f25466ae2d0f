package source

import "testing"

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
