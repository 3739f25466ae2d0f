package testheap

import (
	"slices"

	"github.com/plumb-dev/plumb/heap"
)

// row is one entry of a section, by field name.
type row map[string]any

// index is a node's place in the nodes array, which the file refers to.
func (w *writer) index(n heap.Node) uint64 { return uint64(n) * uint64(len(w.Format.NodeFields)) }

// in puts the values in the order of the fields.
func (r row) in(fields []string) []any {
	values := make([]any, len(fields))
	for i, f := range fields {
		values[i] = 0
		if v, ok := r[f]; ok {
			values[i] = v
		}
	}
	return values
}

func (w *writer) nodeRows() [][]any {
	var rows [][]any
	for i := range w.nodes {
		n := &w.nodes[i]
		r := row{"edge_count": len(n.edges)}
		for field, value := range n.fields {
			r[field] = value
		}
		if name, ok := r["type"].(string); ok {
			r["type"] = typeNumber(&w.nodeTypes, name)
		}
		rows = append(rows, r.in(w.Format.NodeFields))
	}
	return rows
}

func (w *writer) edgeRows() [][]any {
	var rows [][]any
	for i := range w.nodes {
		for _, e := range w.nodes[i].edges {
			name := e.name
			if text, ok := name.(string); ok {
				name = w.interned[text]
			}
			rows = append(rows, row{
				"type": typeNumber(&w.edgeTypes, e.typ), "name_or_index": name, "to_node": w.index(e.to),
			}.in(w.Format.EdgeFields))
		}
	}
	return rows
}

func (w *writer) functionRows() [][]any {
	var rows [][]any
	for _, f := range w.functions {
		rows = append(rows, row{
			"function_id": f.ID, "name": w.interned[f.Name], "script_name": w.interned[f.Script],
			"script_id": f.ScriptID, "line": f.Line, "column": f.Column,
		}.in(w.Format.TraceFunctionFields))
	}
	return rows
}

func (w *writer) sampleRows() [][]any {
	var rows [][]any
	for _, s := range w.samples {
		rows = append(rows, row{"timestamp_us": s[0], "last_assigned_id": s[1]}.in(w.Format.SampleFields))
	}
	return rows
}

func (w *writer) locationRows() [][]any {
	var rows [][]any
	for _, l := range w.locations {
		rows = append(rows, row{
			"object_index": w.index(l.node), "script_id": l.script, "line": l.line, "column": l.column,
		}.in(w.Format.LocationFields))
	}
	return rows
}

func (w *writer) scopeRows() (scopes, vars, uses [][]any) {
	for _, s := range w.scopes {
		scopes = append(scopes, row{
			"script_node_index": w.index(s.Script), "scope_id": s.ID, "depth": s.Depth,
			"scope_context_vars_count": len(s.Vars), "scope_uses_count": len(s.Uses),
		}.in(w.Format.ScopeFields))
		for _, v := range s.Vars {
			vars = append(vars, row{"name": w.interned[v]}.in(w.Format.ScopeVarFields))
		}
		for _, u := range s.Uses {
			uses = append(uses, row{"declaring_scope_id": u.Scope, "slot_index": u.Slot}.in(w.Format.ScopeUseFields))
		}
	}
	return scopes, vars, uses
}

func typeNumber(types *[]string, name string) int {
	i := slices.Index(*types, name)
	if i < 0 {
		i = len(*types)
		*types = append(*types, name)
	}
	return i
}
