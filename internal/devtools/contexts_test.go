package devtools

import (
	"fmt"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/testheap"
)

// scopeProgram builds the heap of a script with scopes.
type scopeProgram struct {
	*testheap.Builder
	script heap.Node
	one    map[int]heap.Node // number nodes
}

func newScopeProgram() *scopeProgram {
	b := testheap.New()
	b.Format = testheap.Chromium()
	root := b.Node("synthetic", "", 0)
	p := &scopeProgram{Builder: b, one: map[int]heap.Node{}}
	p.script = b.Node("code", "system / Script / https://a.example/app.js", 8)
	b.Edge(root, "internal", "script", p.script)
	return p
}

// number adds V8's form of an integer.
func (p *scopeProgram) number(from heap.Node, edge string, i int) {
	n, ok := p.one[i]
	if !ok {
		digits := p.Node("string", fmt.Sprint(i), 0)
		n = p.Node("number", "int", 0)
		p.Edge(n, "internal", "value", digits)
		p.one[i] = n
	}
	p.Edge(from, "internal", edge, n)
}

// scopeInfo adds the ScopeInfo of the scope id, inside outer (0: none).
func (p *scopeProgram) scopeInfo(id int, name string, outer heap.Node) heap.Node {
	info := p.Node("code", "system / ScopeInfo", 8)
	p.number(info, "scope_id", id)
	p.number(info, "start_position", 10*id)
	p.number(info, "end_position", 10*id+9)
	if name != "" {
		p.Edge(info, "internal", "function_name", p.Node("string", name, 0))
	}
	if outer != 0 {
		p.Edge(info, "internal", "outer_scope_info", outer)
	}
	return info
}

// function adds the SharedFunctionInfo of the function with that scope.
func (p *scopeProgram) function(id int, info heap.Node) heap.Node {
	f := p.Node("code", "system / SharedFunctionInfo", 8)
	p.number(f, "scope_id", id)
	p.Edge(f, "internal", "script", p.script)
	p.Edge(f, "internal", "name_or_scope_info", info)
	return f
}

// context adds a context with values of these sizes by variable.
func (p *scopeProgram) context(info, previous heap.Node, variables string, size uint64) heap.Node {
	c := p.Node("object", "system / Context", 8)
	p.Edge(0, "internal", "context", c)
	p.Edge(c, "internal", "scope_info", info)
	if previous != 0 {
		p.Edge(c, "internal", "previous", previous)
	}
	for i, v := range strings.Fields(variables) {
		p.Edge(c, "context", v, p.Node("object", "Value of "+v, size+uint64(i)))
	}
	return c
}

// closure adds a living closure.
func (p *scopeProgram) closure(function, context heap.Node) {
	c := p.Node("closure", "f", 8)
	p.Edge(0, "internal", "closure", c)
	p.Edge(c, "internal", "shared", function)
	p.Edge(c, "internal", "context", context)
}

func deadText(v *View) string {
	var out []string
	for _, s := range v.Contexts().Scopes {
		for _, c := range s.Contexts {
			var fields []string
			for _, f := range c.Fields {
				fields = append(fields, fmt.Sprintf("%s=%d", f.Name, v.snap.RetainedSize(f.Value)))
			}
			out = append(out, fmt.Sprintf("%s %s[%d:%d] of %d: %s, %d in all",
				s.ScriptName, s.Function, s.Start, s.End, s.FieldCount, strings.Join(fields, " "), c.DeadSize))
		}
	}
	return strings.Join(out, "\n")
}

const appJS = "https://a.example/app.js "

// TestDeadFields: outer() has the variables used, dead and big; only inner(),
// which reads used, is alive.
func TestDeadFields(t *testing.T) {
	p := newScopeProgram()
	p.Scope(testheap.Scope{Script: p.script, ID: 1, Depth: 0, Vars: []string{"used", "dead", "big"}})
	p.Scope(testheap.Scope{Script: p.script, ID: 2, Depth: 1, Uses: []testheap.Use{{Scope: 1, Slot: 0}}})
	p.Scope(testheap.Scope{Script: p.script, ID: 3, Depth: 1, Uses: []testheap.Use{{Scope: 1, Slot: 1}, {Scope: 1, Slot: 2}}})
	outer := p.scopeInfo(1, "outer", 0)
	p.function(1, outer)
	inner := p.function(2, p.scopeInfo(2, "inner", outer))
	c := p.context(outer, 0, "used dead big", 100)
	p.Edge(c, "internal", "extension", p.Node("object", "Extension", 100_000)) // alive: does not sort
	p.closure(inner, c)
	// A second context of the same scope, with more dead; one field it has in
	// excess.
	c2 := p.context(outer, 0, "used dead big more", 1000)
	p.closure(inner, c2)
	want := appJS + "outer[10:19] of 3: big=1002 dead=1001, 2003 in all\n" +
		appJS + "outer[10:19] of 3: big=102 dead=101, 203 in all"
	if got := deadText(view(t, p.Builder)); got != want {
		t.Errorf("dead fields\n%s\nwant\n%s", got, want)
	}
}

// TestUninstantiatedInnerClosure: no closure of the reader lives, but one of
// the function around it does, which can make a reader any time.
func TestUninstantiatedInnerClosure(t *testing.T) {
	for _, alive := range []bool{true, false} {
		p := newScopeProgram()
		p.Scope(testheap.Scope{Script: p.script, ID: 1, Depth: 0, Vars: []string{"x"}})
		p.Scope(testheap.Scope{Script: p.script, ID: 2, Depth: 1})
		p.Scope(testheap.Scope{Script: p.script, ID: 3, Depth: 2, Uses: []testheap.Use{{Scope: 1, Slot: 0}}})
		outer := p.scopeInfo(1, "outer", 0)
		p.function(1, outer)
		middle := p.function(2, p.scopeInfo(2, "middle", outer))
		c := p.context(outer, 0, "x", 100)
		if alive {
			p.closure(middle, c)
		}
		want := ""
		if !alive {
			want = appJS + "outer[10:19] of 1: x=100, 100 in all"
		}
		if got := deadText(view(t, p.Builder)); got != want {
			t.Errorf("middle alive %v: %s, want %s", alive, got, want)
		}
	}
}

// TestBlockScope: the context of a block has no function of its own; its
// script is that of the scope around it, and a closure reaches the function's
// context through the block's.
func TestBlockScope(t *testing.T) {
	p := newScopeProgram()
	p.Scope(testheap.Scope{Script: p.script, ID: 1, Depth: 0, Vars: []string{"a", "b"}})
	p.Scope(testheap.Scope{Script: p.script, ID: 2, Depth: 1, Vars: []string{"c", "d"}})
	p.Scope(testheap.Scope{Script: p.script, ID: 3, Depth: 2, Uses: []testheap.Use{{Scope: 1, Slot: 0}, {Scope: 2, Slot: 1}}})
	outer := p.scopeInfo(1, "outer", 0)
	p.function(1, outer)
	block := p.scopeInfo(2, "", outer)
	reader := p.function(3, p.scopeInfo(3, "reader", block))
	c := p.context(outer, 0, "a b", 100)
	p.closure(reader, p.context(block, c, "c d", 1000))
	want := appJS + "[20:29] of 2: c=1000, 1000 in all\n" +
		appJS + "outer[10:19] of 2: b=101, 101 in all"
	v := view(t, p.Builder)
	if got := deadText(v); got != want {
		t.Errorf("dead fields\n%s\nwant\n%s", got, want)
	}
	if scopes := v.Contexts().Scopes; scopes[0].HasFunction || !scopes[1].HasFunction {
		t.Errorf("function or block: %+v", scopes)
	}
}

// TestNegativeScopeID: a scope id of -2 is 2 in the file's scopes and -2 in
// the graph, so the two never meet (DevTools has it so).
func TestNegativeScopeID(t *testing.T) {
	p := newScopeProgram()
	p.Scope(testheap.Scope{Script: p.script, ID: -2, Depth: 0, Vars: []string{"x"}})
	info := p.scopeInfo(-2, "outer", 0)
	p.function(-2, info)
	p.context(info, 0, "x", 100)
	if got := deadText(view(t, p.Builder)); got != "" {
		t.Errorf("dead fields %s", got)
	}
}

func TestScriptsWithoutScopes(t *testing.T) {
	p := newScopeProgram()
	info := p.scopeInfo(1, "outer", 0)
	p.function(1, info)
	p.context(info, 0, "x", 100)
	p.context(info, 0, "x", 100)
	p.context(p.scopeInfo(2, "block", info), 0, "x", 100)
	p.context(p.scopeInfo(3, "elsewhere", 0), 0, "x", 100) // no script is known
	v := view(t, p.Builder)
	got := v.Contexts()
	if len(got.Scopes) != 0 || len(got.ScriptsWithoutScopes) != 1 ||
		got.ScriptsWithoutScopes[0] != (ScriptWithoutScopes{p.script, "https://a.example/app.js", 3}) {
		t.Errorf("analysis: %+v", got)
	}
}

func TestParseInt(t *testing.T) {
	for text, want := range map[string]int64{"12": 12, "-2": -2, " +7x": 7, "3.9": 3} {
		if got, ok := parseInt(text); !ok || got != want {
			t.Errorf("parseInt(%q) = %d %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "x1", "-", "--1"} {
		if got, ok := parseInt(text); ok {
			t.Errorf("parseInt(%q) = %d", text, got)
		}
	}
}
