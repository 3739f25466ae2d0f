package testheap

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// small uses every part of the builder.
func small() *Builder {
	b := New()
	root := b.Node("synthetic", "", 0)
	global := b.Node("object", "global", 16)
	key := b.Node("object", "Key", 32)
	table := b.Node("array", "", 64)
	b.Edge(global, "property", "key\n😀\xed\xa0\xbd\"", key)
	b.Edge(root, "shortcut", "global", global)
	b.Element(root, 1, global)
	b.Edge(global, "internal", "table", table)
	b.Ephemeron(table, key, root)
	b.Set(key, "id", 8)
	b.Location(key, 7, 10, 2)
	b.Sample(1000, 5)
	fn := b.Function(Function{ID: 1, Name: "f", Script: "a.js", ScriptID: 7, Line: 1, Column: 2})
	rootTrace := b.Trace(0, fn, 0, 0)
	b.Set(key, "trace_node_id", b.Trace(rootTrace, fn, 1, 32))
	return b
}

func TestJSON(t *testing.T) {
	want := `{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count","trace_node_id","detachedness"],` +
		`"node_types":[["hidden","array","string","object","code","closure","regexp","number","native","synthetic","concatenated string","sliced string","symbol","bigint","object shape","wasm object"],"string","number","number","number","number","number"],` +
		`"edge_fields":["type","name_or_index","to_node"],"edge_types":[["context","element","property","internal","hidden","shortcut","weak"],"string_or_number","node"],` +
		`"trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],"trace_node_fields":["id","function_info_index","count","size","children"],` +
		`"sample_fields":["timestamp_us","last_assigned_id"],"location_fields":["object_index","script_id","line","column"]},"node_count":4,"edge_count":6,"trace_function_count":1},
"nodes":[9,1,1,0,2,0,0
,3,2,3,16,2,0,0
,3,3,8,32,1,2,0
,1,1,7,64,1,0,0
],
"edges":[5,2,7
,1,1,7
,2,4,14
,3,5,21
,3,6,0
,3,6,0
],
"trace_function_infos":[1,7,8,7,1,2
],
"trace_tree":[1,0,0,0,[2,0,1,32,[]]],
"samples":[1000,5
],
"locations":[14,7,10,2
],
"strings":["<dummy>",
"",
"global",
"Key",
"key\n\uD83D\uDE00\uD83D\"",
"table",
"1 / part of key (Key @5) -> value ( @1) pair in WeakMap (table @7)",
"f",
"a.js"]}`
	if diff := cmp.Diff(want, string(small().JSON())); diff != "" {
		t.Error(diff)
	}
}

// TestLayouts holds that white space and raw text change the bytes only.
func TestLayouts(t *testing.T) {
	want := parse(t, small().JSON())
	for _, layout := range []Layout{Flat, Minified, Spaced} {
		b := small()
		b.Format.Layout = layout
		if diff := cmp.Diff(want, parse(t, b.JSON())); diff != "" {
			t.Errorf("layout %d: %s", layout, diff)
		}
	}
	b := small()
	b.Format.RawUTF8 = true
	if !strings.Contains(string(b.JSON()), `😀\uD83D`) {
		t.Error("raw text is escaped")
	}
}

func TestFormat(t *testing.T) {
	b := small()
	b.Format = Chromium()
	b.Format.NodeFields = append([]string{"later"}, b.Format.NodeFields...)
	script := b.Node("code", "script", 8)
	b.Set(script, "later", "-3")
	b.Set(script, "name", b.String("global"))
	odd := b.Node("odd type", "x", 1)
	b.Edge(odd, "odd edge", "y", script)
	b.Scope(Scope{Script: script, ID: 1, Vars: []string{"v"}, Uses: []Use{{1, 0}}})
	b.Section("future", `{"a":[1]}`)
	b.Header["extra_native_bytes"] = 12
	b.Header["node_count"] = 1e12

	got := parse(t, b.JSON())
	head := got["snapshot"].(map[string]any)
	if head["extra_native_bytes"] != 12.0 || head["node_count"] != 1e12 {
		t.Errorf("header: %v", head)
	}
	types := head["meta"].(map[string]any)["node_types"].([]any)
	if len(types) != 7 || len(types[0].([]any)) != 17 {
		t.Errorf("node types: %v", types)
	}
	nodes := got["nodes"].([]any)
	if diff := cmp.Diff([]any{-3.0, 4.0, 10.0, 9.0, 8.0, 0.0, 0.0}, nodes[28:35]); diff != "" {
		t.Error(diff)
	}
	for section, want := range map[string][]any{
		"scopes":             {28.0, 1.0, 0.0, 1.0, 1.0},
		"scope_context_vars": {13.0},
		"scope_uses":         {1.0, 0.0},
		"locations":          {14.0, 7.0, 0.0, 10.0, 2.0},
	} {
		if diff := cmp.Diff(want, got[section]); diff != "" {
			t.Errorf("%s: %s", section, diff)
		}
	}
}

func parse(t *testing.T, data []byte) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return v
}
