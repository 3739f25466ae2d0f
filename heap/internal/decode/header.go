package decode

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Header is the "snapshot" member.
type Header struct {
	NodeFields, NodeTypes []string
	EdgeFields, EdgeTypes []string
	LocationFields        []string
	SampleFields          []string
	TraceFunctionFields   []string
	TraceNodeFields       []string
	ScopeFields           []string
	ScopeContextVarFields []string
	ScopeUseFields        []string

	NodeCount, EdgeCount, TraceFunctionCount, RootIndex int64
	ExtraNativeBytes                                    uint64
	HasExtraNativeBytes                                 bool
}

// Limits of what columns can number: an edge's target has 28 bits, an edge 32.
const (
	MaxNodes     = 1<<28 - 1
	MaxEdges     = 1<<32 - 2
	maxEdgeTypes = 15
	maxNodeTypes = 255
)

func parseHeader(text []byte, offset int64) (*Header, error) {
	var raw struct {
		Meta *struct {
			NodeFields            []string          `json:"node_fields"`
			NodeTypes             []json.RawMessage `json:"node_types"`
			EdgeFields            []string          `json:"edge_fields"`
			EdgeTypes             []json.RawMessage `json:"edge_types"`
			LocationFields        []string          `json:"location_fields"`
			SampleFields          []string          `json:"sample_fields"`
			TraceFunctionFields   []string          `json:"trace_function_info_fields"`
			TraceNodeFields       []string          `json:"trace_node_fields"`
			ScopeFields           []string          `json:"scope_fields"`
			ScopeContextVarFields []string          `json:"scope_context_var_fields"`
			ScopeUseFields        []string          `json:"scope_use_fields"`
		} `json:"meta"`
		NodeCount          json.Number  `json:"node_count"`
		EdgeCount          json.Number  `json:"edge_count"`
		TraceFunctionCount json.Number  `json:"trace_function_count"`
		RootIndex          json.Number  `json:"root_index"`
		ExtraNativeBytes   *json.Number `json:"extra_native_bytes"`
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&raw); err != nil {
		return nil, corrupt(offset, "the header does not parse: %v", err)
	}
	if raw.Meta == nil || len(raw.Meta.NodeFields) == 0 || len(raw.Meta.EdgeFields) == 0 {
		return nil, &Fault{
			Kind: NotSnapshot, Offset: offset, Detail: `the header has no "meta" with node_fields and edge_fields`,
			Hint: "heap snapshots of Node 12 and later, Chrome, Edge, Electron, Deno, Bun and Julia have it",
		}
	}
	m := raw.Meta
	h := &Header{
		NodeFields: m.NodeFields, EdgeFields: m.EdgeFields,
		LocationFields: m.LocationFields, SampleFields: m.SampleFields,
		TraceFunctionFields: m.TraceFunctionFields, TraceNodeFields: traceNodeFields(m.TraceNodeFields),
		ScopeFields: m.ScopeFields, ScopeContextVarFields: m.ScopeContextVarFields, ScopeUseFields: m.ScopeUseFields,
	}
	h.NodeTypes = typeNames(m.NodeTypes, index(h.NodeFields, "type"))
	h.EdgeTypes = typeNames(m.EdgeTypes, index(h.EdgeFields, "type"))
	for _, c := range []struct {
		name string
		from json.Number
		to   *int64
	}{
		{"node_count", raw.NodeCount, &h.NodeCount},
		{"edge_count", raw.EdgeCount, &h.EdgeCount},
		{"trace_function_count", raw.TraceFunctionCount, &h.TraceFunctionCount},
		{"root_index", raw.RootIndex, &h.RootIndex},
	} {
		n, err := wholeNumber(c.from)
		if err != nil {
			return nil, corrupt(offset, "the header's %s is %q", c.name, c.from)
		}
		*c.to = n
	}
	if raw.ExtraNativeBytes != nil {
		n, err := wholeNumber(*raw.ExtraNativeBytes)
		if err != nil {
			return nil, corrupt(offset, "the header's extra_native_bytes is %q", *raw.ExtraNativeBytes)
		}
		h.ExtraNativeBytes, h.HasExtraNativeBytes = uint64(n), true
	}
	return h, h.check(offset)
}

// check refuses a header that the columns cannot follow.
func (h *Header) check(offset int64) error {
	for _, f := range []string{"type", "name", "id", "self_size", "edge_count"} {
		if index(h.NodeFields, f) < 0 {
			return corrupt(offset, "node_fields lacks %q", f)
		}
	}
	for _, f := range []string{"type", "name_or_index", "to_node"} {
		if index(h.EdgeFields, f) < 0 {
			return corrupt(offset, "edge_fields lacks %q", f)
		}
	}
	switch {
	case h.NodeCount == 0:
		return corrupt(offset, "the header says node_count 0: there is no root")
	case h.NodeCount > MaxNodes:
		return &Fault{TooBig, offset, fmt.Sprintf("the header says %d nodes; at most %d can be read", h.NodeCount, MaxNodes), tooBigHint}
	case h.EdgeCount > MaxEdges:
		return &Fault{TooBig, offset, fmt.Sprintf("the header says %d edges; at most %d can be read", h.EdgeCount, int64(MaxEdges)), tooBigHint}
	case len(h.EdgeTypes) > maxEdgeTypes:
		return &Fault{TooBig, offset, fmt.Sprintf("edge_types lists %d types; at most %d can be read", len(h.EdgeTypes), maxEdgeTypes), tooBigHint}
	case len(h.NodeTypes) > maxNodeTypes:
		return &Fault{TooBig, offset, fmt.Sprintf("node_types lists %d types; at most %d can be read", len(h.NodeTypes), maxNodeTypes), tooBigHint}
	case h.RootIndex%int64(len(h.NodeFields)) != 0 || h.RootIndex/int64(len(h.NodeFields)) >= h.NodeCount:
		return corrupt(offset, "root_index %d is no node", h.RootIndex)
	}
	return nil
}

const tooBigHint = "the count may be damaged; if it is true, capture the process earlier, while its heap is smaller"

// wholeNumber reads a count; an absent one is 0.
func wholeNumber(n json.Number) (int64, error) {
	if n == "" {
		return 0, nil
	}
	if i, err := n.Int64(); err == nil {
		if i < 0 {
			return 0, fmt.Errorf("negative")
		}
		return i, nil
	}
	f, err := n.Float64()
	if err != nil || f < 0 || f >= 1<<63 || f != f {
		return 0, fmt.Errorf("not a count")
	}
	return int64(f), nil
}

// typeNames finds the list of names of the type field. node_types may be
// longer than node_fields (Node 24), its order is that of the fields.
func typeNames(types []json.RawMessage, at int) []string {
	if at < 0 || at >= len(types) {
		return nil
	}
	var names []string
	_ = json.Unmarshal(types[at], &names) // not a list: no names, as in DevTools
	return names
}

// traceNodeFields is V8's order where a header has none.
func traceNodeFields(fields []string) []string {
	if len(fields) > 0 {
		return fields
	}
	return []string{"id", "function_info_index", "count", "size", "children"}
}

func index(fields []string, name string) int {
	for i, f := range fields {
		if f == name {
			return i
		}
	}
	return -1
}
