package leak

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
		{"const other = 1;\n", "a", 0, 0},
		{"if (a == 1) {}\na.b = 1\n", "a", 0, 0},
	}
	for _, tt := range tests {
		if got := declared(strings.Split(tt.source, "\n"), tt.name, tt.near); got != tt.want {
			t.Errorf("%q in %q near %d: line %d, want %d", tt.name, tt.source, tt.near, got, tt.want)
		}
	}
}

func FuzzDeclared(f *testing.F) {
	f.Add("const a = 1", "a", 0)
	f.Fuzz(func(_ *testing.T, source, name string, near int) {
		declared(strings.Split(source, "\n"), name, near)
	})
}
