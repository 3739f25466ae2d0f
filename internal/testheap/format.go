package testheap

// Format is the shape of a snapshot file. Fields are written by name and in
// the order given here; a field that the builder does not know gets 0.
type Format struct {
	Layout                           Layout
	NodeFields, NodeTypes            []string
	EdgeFields, EdgeTypes            []string
	TraceFunctionFields, TraceFields []string
	SampleFields, LocationFields     []string
	ScopeFields, ScopeVarFields      []string
	ScopeUseFields                   []string
	// RawUTF8 writes text as it is, as Bun does, instead of \uXXXX.
	RawUTF8 bool
}

// Layout is the white space of a file.
type Layout int

const (
	// Lines has one node or edge per line, which starts with the comma (Node
	// 22 and before).
	Lines Layout = iota
	// Flat has one line per section (Node 24 and later).
	Flat
	// Minified has no white space at all.
	Minified
	// Spaced has white space of every kind around every token.
	Spaced
)

// Node20 is the format of Node 20.
func Node20() Format {
	return Format{
		NodeFields: []string{"type", "name", "id", "self_size", "edge_count", "trace_node_id", "detachedness"},
		NodeTypes: []string{
			"hidden", "array", "string", "object", "code", "closure", "regexp", "number", "native",
			"synthetic", "concatenated string", "sliced string", "symbol", "bigint", "object shape", "wasm object",
		},
		EdgeFields:          []string{"type", "name_or_index", "to_node"},
		EdgeTypes:           []string{"context", "element", "property", "internal", "hidden", "shortcut", "weak"},
		TraceFunctionFields: []string{"function_id", "name", "script_name", "script_id", "line", "column"},
		TraceFields:         []string{"id", "function_info_index", "count", "size", "children"},
		SampleFields:        []string{"timestamp_us", "last_assigned_id"},
		LocationFields:      []string{"object_index", "script_id", "line", "column"},
	}
}

// Node24 is the format of Node 24 and later: no trace_node_id, no line breaks
// between nodes, and [Builder.Header] wants an "extra_native_bytes".
func Node24() Format {
	f := Node20()
	f.Layout = Flat
	f.NodeFields = []string{"type", "name", "id", "self_size", "edge_count", "detachedness"}
	return f
}

// Chromium is the format of Chromium 156: Node 24's with wider locations and
// the three scope sections.
func Chromium() Format {
	f := Node24()
	f.LocationFields = []string{"object_index", "script_id", "script_object_index", "line", "column"}
	f.ScopeFields = []string{"script_node_index", "scope_id", "depth", "scope_context_vars_count", "scope_uses_count"}
	f.ScopeVarFields = []string{"name"}
	f.ScopeUseFields = []string{"declaring_scope_id", "slot_index"}
	return f
}
