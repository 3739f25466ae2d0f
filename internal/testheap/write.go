package testheap

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strconv"
)

// JSON returns the bytes of the .heapsnapshot file.
func (b *Builder) JSON() []byte {
	w := &writer{Builder: b, nodeTypes: slices.Clone(b.Format.NodeTypes), edgeTypes: slices.Clone(b.Format.EdgeTypes)}
	// The rows come first: they can add to the types that the header lists.
	nodes, edges := w.nodeRows(), w.edgeRows()

	w.buf = append(w.buf, `{"snapshot":`...)
	w.header()
	w.section("nodes", nodes)
	w.section("edges", edges)
	w.section("trace_function_infos", w.functionRows())
	w.separate(`"trace_tree":[`)
	if len(b.traces) > 0 {
		w.traceTree(b.traces[:1])
	}
	w.buf = append(w.buf, ']')
	if b.Format.SampleFields != nil {
		w.section("samples", w.sampleRows())
	}
	if b.Format.LocationFields != nil {
		w.section("locations", w.locationRows())
	}
	if b.Format.ScopeFields != nil {
		scopes, vars, uses := w.scopeRows()
		w.section("scopes", scopes)
		w.section("scope_context_vars", vars)
		w.section("scope_uses", uses)
	}
	for _, s := range b.sections {
		w.separate(strconv.Quote(s.name) + ":" + s.json)
	}
	w.separate(`"strings":[`)
	for i, s := range b.strings {
		if i > 0 {
			w.buf = append(w.buf, ',')
			w.newline()
		}
		w.quote(s)
	}
	w.buf = append(w.buf, "]}"...)
	if b.Format.Layout == Spaced {
		return spaced(w.buf)
	}
	return w.buf
}

type writer struct {
	*Builder
	buf                  []byte
	nodeTypes, edgeTypes []string
}

func (w *writer) header() {
	f := &w.Format
	types := func(names []string, rest ...string) []any {
		all := []any{names}
		for _, r := range rest {
			all = append(all, r)
		}
		return all
	}
	nodeTypes := types(w.nodeTypes)
	for _, field := range f.NodeFields[1:] {
		kind := "number"
		if field == "name" {
			kind = "string"
		}
		nodeTypes = append(nodeTypes, kind)
	}
	meta := []member{
		{"node_fields", f.NodeFields},
		{"node_types", nodeTypes},
		{"edge_fields", f.EdgeFields},
		{"edge_types", types(w.edgeTypes, "string_or_number", "node")},
		{"trace_function_info_fields", f.TraceFunctionFields},
		{"trace_node_fields", f.TraceFields},
	}
	for _, m := range []struct {
		name   string
		fields []string
	}{
		{"sample_fields", f.SampleFields},
		{"location_fields", f.LocationFields},
		{"scope_fields", f.ScopeFields},
		{"scope_context_var_fields", f.ScopeVarFields},
		{"scope_use_fields", f.ScopeUseFields},
	} {
		if m.fields != nil {
			meta = append(meta, member{m.name, m.fields})
		}
	}
	head := []member{
		{"meta", object(meta)},
		{"node_count", len(w.nodes)},
		{"edge_count", w.edgeCount},
		{"trace_function_count", len(w.functions)},
	}
	extra := make([]string, 0, len(w.Header))
	for name := range w.Header {
		extra = append(extra, name)
	}
	sort.Strings(extra)
	for _, name := range extra {
		value := w.Header[name]
		if i := slices.IndexFunc(head, func(m member) bool { return m.name == name }); i >= 0 {
			head[i].value = value
			continue
		}
		head = append(head, member{name, value})
	}
	w.buf = append(w.buf, object(head)...)
}

type member struct {
	name  string
	value any
}

// object writes a JSON object with its members in the order given.
func object(members []member) json.RawMessage {
	out := []byte{'{'}
	for i, m := range members {
		if i > 0 {
			out = append(out, ',')
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			panic(fmt.Sprintf("testheap: header field %s: %v", m.name, err))
		}
		out = append(strconv.AppendQuote(out, m.name), ':')
		out = append(out, value...)
	}
	return append(out, '}')
}

func (w *writer) traceTree(nodes []*trace) {
	for i, t := range nodes {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		w.buf = fmt.Appendf(w.buf, "%d,%d,%d,%d,[", t.id, t.function, t.count, t.size)
		w.traceTree(t.children)
		w.buf = append(w.buf, ']')
	}
}

func (w *writer) section(name string, rows [][]any) {
	w.separate(strconv.Quote(name) + ":[")
	for i, r := range rows {
		if i > 0 {
			if w.Format.Layout == Lines {
				w.newline()
			}
			w.buf = append(w.buf, ',')
		}
		for j, value := range r {
			if j > 0 {
				w.buf = append(w.buf, ',')
			}
			w.buf = fmt.Append(w.buf, value)
		}
	}
	if w.Format.Layout == Lines && len(rows) > 0 {
		w.newline()
	}
	w.buf = append(w.buf, ']')
}

// separate begins the next member of the file's object.
func (w *writer) separate(text string) {
	w.buf = append(w.buf, ',')
	w.newline()
	w.buf = append(w.buf, text...)
}

func (w *writer) newline() {
	if w.Format.Layout != Minified {
		w.buf = append(w.buf, '\n')
	}
}
