package scope_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

func analyze(t testing.TB, path, src string) (*syntax.File, *scope.Analysis) {
	t.Helper()
	f, err := syntax.Parse(path, src, syntax.Unknown)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return f, scope.Analyze(f)
}

// TestGlobals holds which names nothing declares; "=" marks those written, "?"
// those asked for by typeof, "~" those that may be declared unseen.
func TestGlobals(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"a = b;", "=a b"},
		{"var a; let b; const c = 1; function d() {} class E {} a(b, c, d, E, f);", "f"},
		{"a = 1; var a;", ""},                             // var is hoisted
		{"function f() { a = 1; } f(); var a;", ""},       // to its function
		{"function f() { if (1) { var a; } a = 1; }", ""}, // out of blocks
		{"if (1) { let a; } a = 1;", "=a"},                // let is not
		{"{ a = 1; let a; }", ""},                         // in its dead zone it is still this a
		{"if (1) { function f() {} } f();", ""},           // sloppy functions leave blocks
		{"'use strict'; if (1) { function f() {} } f();", "f"},
		{"if (1) { async function f() {} } f();", "f"},
		{"function f(a, { b, c: [d] = g, ...e }, ...h) { a(b, c, d, e, h, arguments); }", "g c"},
		{"const f = () => arguments;", "arguments"},
		{"(function g() { g(); }); g();", "g"},
		{"const x = class A { m() { A; } }; A;", "A"},
		{"class A { #p = q; static s = r; static { t = 1; var t; } [k]() { this.#p; } get u() { return v; } }", "q r k v"},
		{"class A extends B { x = arguments2; }", "B arguments2"},
		{"try {} catch { a; } try {} catch (e) { e; } try {} catch ({ m, n = o }) { m(n); }", "a o"},
		{"try {} catch (e) { var e; } e = 1;", ""},
		{"for (let i of list) { i; } i = 1;", "list =i"},
		{"for (var i in list) ; i = 1;", "list"},
		{"for (i of list) ; for (a.b in c) ; for ([d, e.f] of g) ;", "=i list a c =d e g"},
		{"for (let i = 0, n = i; i < n; i++) ; i;", "i"},
		{"switch (a) { case 1: let b; default: b; } b;", "a b"},
		{"with (o) { a = 1; } b = 1;", "o ~=a =b"},
		{"function f(s) { eval(s); a = 1; } a = 2;", "~eval ~=a =a"},
		{"'use strict'; function f(s) { eval(s); a = 1; }", "eval =a"},
		{"if (typeof a !== 'undefined') a = 1; delete b.c; void d;", "?a =a b d"},
		{"a++; --b; c += d; [e, f.g] = [h]; ({ i, j: k, l = m, ...n } = o); p ||= q;", "=a =b =c d =e f h =i =k =l m =n o =p q"},
		{"label: for (;;) { break label; } x = { key: value, short, method() { self2; }, get y() { return z; }, [w]: v };", "=x value short self2 z w v"},
		{"`${a} ${() => b}`; tag`${c}`; new.target; x?.y?.[d]?.(e);", "a b tag c x d e"},
		{"import a, { b as c, d } from 'm'; import * as e from 'n'; export { a as b, f }; export default g; a(b, c, d, e);", "f g b"},
		{"export const a = 1, { b } = h; export function c() {} export class D {} a(b, c, D); export { x } from 'y'; export * from 'z';", "h"},
		{"export default function () {} export let k; default2;", "default2"},
		{"import('m').then(a); import.meta.url;", "a"},
	} {
		_, a := analyze(t, "a.js", tt.src)
		var got []string
		for _, r := range a.References {
			if r.Variable != nil {
				continue
			}
			mark := ""
			if r.Dynamic {
				mark = "~"
			}
			if r.Write {
				mark += "="
			}
			if r.Typeof {
				mark += "?"
			}
			got = append(got, mark+r.Name)
		}
		want := strings.Fields(tt.want)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s\n got %v\nwant %v", tt.src, got, want)
		}
	}
}

// TestVariables holds how variables are declared, what they begin with, and
// whether they are written and exported.
func TestVariables(t *testing.T) {
	const src = `import a, { b as c } from "m";
var d = 1; d = 2;
let e; e = 3;
const f = 4, { g } = {};
function h(i) { i++; }
class J {}
export const k = 5;
const l = 6;
export { l };
for (const m of []) m;
try {} catch (n) { n; }
`
	_, a := analyze(t, "a.mjs", src)
	got := map[string]string{}
	for _, r := range a.References {
		if v := r.Variable; v != nil {
			got[v.Name] = fmt.Sprintf("%d init=%t written=%t exported=%t", v.Kind, v.Init != nil, v.Written(), v.Exported)
		}
	}
	for name, want := range map[string]string{
		"d": fmt.Sprintf("%d init=true written=true exported=false", scope.Var),
		"e": fmt.Sprintf("%d init=false written=true exported=false", scope.Let),
		"f": fmt.Sprintf("%d init=true written=false exported=false", scope.Const),
		"g": fmt.Sprintf("%d init=false written=false exported=false", scope.Const),
		"i": fmt.Sprintf("%d init=false written=true exported=false", scope.Parameter),
		"k": fmt.Sprintf("%d init=true written=false exported=true", scope.Const),
		"l": fmt.Sprintf("%d init=true written=false exported=true", scope.Const),
		"m": fmt.Sprintf("%d init=false written=false exported=false", scope.Const),
		"n": fmt.Sprintf("%d init=false written=false exported=false", scope.CatchParameter),
	} {
		if got[name] != want {
			t.Errorf("%s: %s, want %s", name, got[name], want)
		}
	}
	if v := a.Top.Lookup("c"); v == nil || v.Kind != scope.Import || v.Module != "m" || v.Imported != "b" {
		t.Errorf("the import: %+v", v)
	}
	if v := a.Top.Lookup("J"); v == nil || v.Kind != scope.ClassName || v.Definition == nil {
		t.Errorf("the class: %+v", v)
	}
}

// TestStrict holds where code is strict.
func TestStrict(t *testing.T) {
	for _, tt := range []struct {
		path, src string
		want      bool
	}{
		{"a.js", "here;", false},
		{"a.js", "'use strict'; here;", true},
		{"a.js", "'a'; \"use strict\"; here;", true},
		{"a.js", "here; 'use strict';", false},
		{"a.js", "function f() { 'use strict'; return () => here; }", true},
		{"a.js", "function f() { return here; } function g() { 'use strict'; }", false},
		{"a.js", "class A { m() { here; } }", true},
		{"a.mjs", "here;", true},
		{"a.js", "export {}; here;", true},
	} {
		_, a := analyze(t, tt.path, tt.src)
		for _, r := range a.References {
			if r.Name == "here" && r.Scope.Strict != tt.want {
				t.Errorf("%s %s: strict %t", tt.path, tt.src, r.Scope.Strict)
			}
		}
	}
}
