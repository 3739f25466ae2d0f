package leak

import (
	"strconv"
	"strings"

	"github.com/plumb-dev/plumb/heap"
)

// moduleFile is the file of a CommonJS module.
func (sc *scripts) moduleFile(module heap.Node) string {
	for _, property := range [...]string{"filename", "id"} {
		if n, ok := sc.target(module, heap.PropertyEdge, property); ok && sc.s.Type(n) == heap.String {
			return sc.s.Name(n)
		}
	}
	return ""
}

// export names the variable of an ECMAScript module that lives in a cell,
// because the module exports it. The module's table of exports has the names
// and, behind each, its cell; importing modules refer to the same cell.
func (sc *scripts) export(cell heap.Node) (named, bool) {
	for e, table := range sc.s.Retainers(cell) {
		slot := sc.s.EdgeName(e)
		if sc.s.Type(table) != heap.Array || sc.s.EdgeType(e) != heap.InternalEdge || number(slot) == 0 {
			continue
		}
		key, ok := sc.target(table, heap.InternalEdge, strconv.Itoa(number(slot)-1))
		if !ok || sc.s.Type(key) != heap.String {
			continue // of the cells alone
		}
		for _, module := range sc.s.Retainers(table) {
			if sc.s.Name(module) != "system / SourceTextModule" {
				continue
			}
			nm := named{variable: sc.s.Name(key), access: sc.s.Name(key), module: true}
			if nm.variable == "default" {
				nm.access = "export default"
			}
			nm.url = sc.textModuleFile(module)
			if nm.found = isUser(nm.url); nm.found {
				return nm, true
			}
		}
	}
	return named{}, false
}

// textModuleFile is the URL of an ECMAScript module, which Node.js keeps in
// the module's wrapper.
func (sc *scripts) textModuleFile(module heap.Node) string {
	for _, wrap := range sc.s.Retainers(module) {
		if sc.s.Name(wrap) != "ModuleWrap" {
			continue
		}
		if n, ok := sc.target(wrap, heap.PropertyEdge, "url"); ok && sc.s.Type(n) == heap.String {
			return sc.s.Name(n)
		}
	}
	return ""
}

// isCell says whether n holds one exported variable.
func (g *graph) isCell(n heap.Node) bool {
	return g.s.Type(n) == heap.Hidden && strings.HasSuffix(g.s.Name(n), " / Cell")
}
