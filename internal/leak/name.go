package leak

import (
	"slices"
	"strings"

	"github.com/plumb-dev/plumb/heap"
)

// named is what a programmer calls an object: the way to it from a variable.
type named struct {
	place
	variable string // the variable, or the property that holds the object
	access   string // the whole way: store.byId, configuration._events.change
	class    string // the class whose property variable is, when it is one
	static   bool   // of the class or function itself, not of an instance
	global   bool   // a property of the global object
	module   bool   // a variable of a module, or an export
	witness  place  // a function that sees the variable
	found    bool   // the variable is the program's own, not Node's
	beyond   bool   // the way from the variable leads through a library's objects
}

// nameByPath walks from n towards the root until it meets a variable.
func (sc *scripts) nameByPath(t *tree, n heap.Node) named {
	var parts []string
	var property named // the deepest property that a class of the program has
	for at := n; at != t.s.Root(); at = t.parent[at] {
		e, from := t.via[at], t.parent[at]
		label := t.s.EdgeName(e)
		if variable, ok := t.variable(e); ok {
			label = variable
			in := sc.scopeOf(from)
			if label == "this" {
				parts = append(parts, "this")
				continue
			}
			nm := named{place: in.place, variable: label, module: in.module, witness: in.witness, found: isUser(in.url)}
			return finish(nm, property, label, parts)
		}
		switch t.s.EdgeType(e) {
		case heap.PropertyEdge:
			if t.isGlobal(from) {
				nm := named{variable: label, global: true, found: true}
				return finish(nm, property, "globalThis."+label, parts)
			}
			if t.s.Name(from) == "process" && t.s.Type(from) == heap.Object {
				return finish(named{variable: "process"}, property, "process", append(parts, accessor(label)))
			}
			if label == "exports" && t.s.Name(from) == "Module" {
				nm, rest := sc.exports(from, parts)
				return finish(nm, property, nm.variable, rest)
			}
			if property.class == "" {
				property = sc.classProperty(from, label, parts)
			}
			parts = append(parts, accessor(label))
		case heap.ElementEdge:
			parts = append(parts, "[x]")
		case heap.InternalEdge:
			if t.s.Type(from) == heap.Array && isTable(t, from) {
				parts = append(parts, "[x]")
			}
			if label == "value" && t.isCell(from) {
				if nm, ok := sc.export(from); ok {
					return finish(nm, property, nm.access, parts)
				}
			}
		}
	}
	if property.found {
		return finish(property, named{}, property.class, parts[:max(0, slices.Index(parts, accessor(property.variable)))+1])
	}
	return named{access: join("", parts)}
}

// exports names what a CommonJS module exports: parts lead from there.
func (sc *scripts) exports(module heap.Node, parts []string) (nm named, rest []string) {
	nm = named{variable: "module.exports", module: true}
	nm.url = sc.moduleFile(module)
	nm.found = isUser(nm.url)
	if last := len(parts) - 1; last >= 0 {
		nm.variable, parts = strings.TrimPrefix(parts[last], "."), parts[:last]
	}
	return nm, parts
}

// classProperty names a property of an object whose class, or of a function
// that, the program has made; parts lead on from its value.
func (sc *scripts) classProperty(owner heap.Node, property string, parts []string) named {
	at, ok := sc.at(owner)
	class := sc.s.Name(owner)
	if !ok || !isUser(at.url) || class == "Object" || listeners(property) {
		return named{}
	}
	at.function = class
	nm := named{place: at, variable: property, class: class, static: sc.s.Type(owner) == heap.Closure, found: true}
	if property == "prototype" && len(parts) > 0 {
		nm.variable = strings.TrimPrefix(parts[len(parts)-1], ".")
	}
	return nm
}

// direct names n by a variable of the program that refers to it, wherever the
// shortest path runs.
func (sc *scripts) direct(n heap.Node) named {
	for e, from := range sc.s.Retainers(n) {
		name, ok := sc.variable(e)
		if !ok {
			continue
		}
		if in := sc.scopeOf(from); isUser(in.url) {
			return named{place: in.place, variable: name, access: name, module: in.module, witness: in.witness, found: true}
		}
	}
	return named{}
}

// finish puts the way together; a property of the program's own class says
// more than the variable that leads to its instance.
func finish(nm, property named, start string, parts []string) named {
	nm.access = join(start, parts)
	if property.found && isLibrary(property.url) && nm.own() {
		nm.beyond = true // what the program calls it says more
		return nm
	}
	if property.found {
		property.access = nm.access
		property.module = nm.module
		if !nm.found {
			property.access = property.class + accessor(property.variable)
		}
		return property
	}
	return nm
}

func join(start string, parts []string) string {
	var b strings.Builder
	b.WriteString(start)
	for _, p := range slices.Backward(parts) {
		b.WriteString(p)
	}
	return strings.TrimPrefix(b.String(), ".")
}

// accessor is how a program reaches a property.
func accessor(name string) string {
	if symbol, ok := strings.CutPrefix(name, "<symbol "); ok {
		return "[" + strings.TrimSuffix(symbol, ">") + "]"
	}
	if getter, ok := strings.CutPrefix(name, "get "); ok {
		name = getter // its function keeps the variables in its reach
	}
	for i, r := range name {
		letter := r == '_' || r == '$' || r == '#' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r > 0x7F
		if !letter && (i == 0 || r < '0' || r > '9') {
			return `["` + name + `"]`
		}
	}
	return "." + name
}

// isTable says whether an array of the engine's is the table of a collection.
func isTable(t *tree, n heap.Node) bool {
	return t.via[n] != heap.Edge(none) && t.s.EdgeName(t.via[n]) == "table"
}

// emitter cuts from the way to a listener what lies inside an EventTarget.
func emitter(access string) string {
	for _, table := range [...]string{"[kEvents]", "[events]"} {
		if at, _, ok := strings.Cut(access, table); ok {
			return strings.NewReplacer(".#signal", ".signal", "[kSignal]", ".signal", "[signal]", ".signal").Replace(at)
		}
	}
	return access
}
