package heap_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/testheap"
)

// full is a snapshot that uses every section.
func full() *testheap.Builder {
	b := testheap.New()
	root := b.Node("synthetic", "", 0)
	global := b.Node("object", "global", 16)
	key := b.Node("object", "Key", 32)
	table := b.Node("array", "", 64)
	value := b.Node("object", "Value", 128)
	div := b.Node("native", "<div>", 24)
	text := b.Node("string", "é😀\xED\xA0\xBD \"quoted\"\n", 40)
	b.Edge(root, "shortcut", "global", global)
	b.Element(root, 1, global)
	b.Edge(global, "property", "key", key)
	b.Edge(global, "internal", "table", table)
	b.Edge(global, "weak", "div", div)
	b.Edge(key, "property", "div", div)
	b.Edge(value, "property", "text\\", text)
	b.Indexed(table, "hidden", 7, text)
	b.Ephemeron(table, key, value)
	b.Set(div, "detachedness", 2)
	b.Set(key, "id", 8)
	b.Location(value, 7, 10, 2)
	b.Location(key, 7, 11, 3)
	b.Sample(1000, 5)
	b.Sample(2000, 9)
	main := b.Function(testheap.Function{Name: "(root)"})
	f := b.Function(testheap.Function{ID: 3, Name: "f", Script: "a.js", ScriptID: 7, Line: 1, Column: 2})
	tree := b.Trace(0, main, 0, 0)
	b.Set(key, "trace_node_id", b.Trace(b.Trace(tree, f, 1, 32), f, 2, 64))
	b.Trace(tree, f, 5, 6)
	return b
}

func read(t *testing.T, text []byte) *heap.Snapshot {
	t.Helper()
	s, err := heap.Read(t.Context(), bytes.NewReader(text), heap.Options{})
	if err != nil {
		t.Fatalf("read: %v in\n%.2000s", err, text)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// TestLayouts holds that the shape of the text changes nothing: layout, order
// of the fields and sections, fields and sections that nobody knows.
func TestLayouts(t *testing.T) {
	want := dump(read(t, full().JSON()))
	for name, change := range map[string]func(*testheap.Builder){
		"flat":     func(b *testheap.Builder) { b.Format.Layout = testheap.Flat },
		"minified": func(b *testheap.Builder) { b.Format.Layout = testheap.Minified },
		"spaced":   func(b *testheap.Builder) { b.Format.Layout = testheap.Spaced },
		"raw text": func(b *testheap.Builder) { b.Format.RawUTF8 = true },
		"fields in another order": func(b *testheap.Builder) {
			f := &b.Format
			// The first field has the types.
			for _, fields := range [][]string{
				f.NodeFields[1:], f.EdgeFields[1:], f.TraceFunctionFields, f.LocationFields, f.SampleFields,
			} {
				slices.Reverse(fields)
			}
		},
		"fields of the future": func(b *testheap.Builder) {
			f := &b.Format
			f.NodeFields = slices.Insert(f.NodeFields, 3, "later", "later still")
			f.EdgeFields = slices.Insert(f.EdgeFields, 1, "later")
			f.LocationFields = slices.Insert(f.LocationFields, 2, "script_object_index")
			f.TraceFunctionFields = slices.Insert(f.TraceFunctionFields, 0, "later")
		},
		"sections of the future": func(b *testheap.Builder) {
			b.Section("later", `{"a":[1,{"]":"}\"\\"}],"nodes":[1,2,3]}`)
			b.Section("a number", "12")
			b.Section("a word", "null")
			b.Section("text", `"]}\\"`)
			b.Header["later"] = map[string]any{"a": []int{1}}
		},
		"unused types": func(b *testheap.Builder) {
			b.Format.NodeTypes = append(b.Format.NodeTypes, "kind of the future")
			b.Format.EdgeTypes = append([]string{"kind of the future"}, b.Format.EdgeTypes...)
		},
	} {
		b := full()
		change(b)
		if diff := cmp.Diff(want, dump(read(t, b.JSON()))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestSectionOrder holds that sections may come in any order behind the header.
func TestSectionOrder(t *testing.T) {
	text := string(full().JSON())
	want := dump(read(t, []byte(text)))
	parts := strings.Split(strings.TrimSuffix(text, "}"), ",\n\"")
	var head string
	var sections []string
	for _, p := range parts[1:] {
		// A string of the table is split off too: put it back.
		if name, _, ok := strings.Cut(p, `":[`); ok && !strings.ContainsAny(name, " \"\\") {
			sections = append(sections, p)
		} else {
			sections[len(sections)-1] += ",\n\"" + p
		}
	}
	head = parts[0]
	for range sections {
		sections = append(sections[1:], sections[0])
		rotated := head + ",\n\"" + strings.Join(sections, ",\n\"") + "}"
		if diff := cmp.Diff(want, dump(read(t, []byte(rotated)))); diff != "" {
			t.Errorf("%.30s first: %s", sections[0], diff)
		}
	}
}

func TestWhiteSpace(t *testing.T) {
	text := full().JSON()
	want := dump(read(t, text))
	for name, change := range map[string]func([]byte) []byte{
		"mark":            func(b []byte) []byte { return append([]byte("\xEF\xBB\xBF"), b...) },
		"mark and space":  func(b []byte) []byte { return append([]byte("\xEF\xBB\xBF \r\n\t"), b...) },
		"space behind":    func(b []byte) []byte { return append(slices.Clone(b), " \r\n\n"...) },
		"CRLF":            func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n")) },
		"a megabyte":      func(b []byte) []byte { return append(bytes.Repeat([]byte(" \n"), 1<<19), b...) },
		"comma at an end": func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n,"), []byte(",\n")) },
	} {
		if diff := cmp.Diff(want, dump(read(t, change(text)))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestRuntimes holds what is odd about the files of each runtime.
func TestRuntimes(t *testing.T) {
	small := func() *testheap.Builder {
		b := testheap.New()
		root := b.Node("synthetic", "", 0)
		a := b.Node("object", "A", 16)
		b.Edge(root, "property", "a", a)
		return b
	}
	t.Run("Node 24", func(t *testing.T) {
		b := small()
		b.Format = testheap.Node24()
		b.Header["extra_native_bytes"] = 1000
		// Its node_types still has an entry for the field that is gone.
		text := bytes.Replace(b.JSON(), []byte(`],"string","number","number","number","number"]`),
			[]byte(`],"string","number","number","number","number","number"]`), 1)
		s := read(t, text)
		if got := s.TotalSize(); got != 1016 || !s.Meta().HasExtraNativeBytes || s.Meta().ExtraNativeBytes != 1000 {
			t.Errorf("total size %d, meta %+v", got, s.Meta())
		}
		if s.TypeName(1) != "object" || s.TraceNodeID(1) != 0 {
			t.Errorf("node 1 is a %s with trace %d", s.TypeName(1), s.TraceNodeID(1))
		}
	})
	t.Run("Node 20", func(t *testing.T) {
		if s := read(t, small().JSON()); s.TotalSize() != 16 || s.Meta().HasExtraNativeBytes {
			t.Errorf("total size %d, meta %+v", s.TotalSize(), s.Meta())
		}
	})
	t.Run("Node 12", func(t *testing.T) { // before detachedness
		b := small()
		b.Format.NodeFields = b.Format.NodeFields[:6]
		div := b.Node("native", "Detached <div>", 8)
		inner := b.Node("native", "<p>", 8)
		fake := b.Node("object", "Detached x", 8)
		b.Edge(1, "property", "div", div)
		b.Edge(div, "property", "inner", inner)
		s := read(t, b.JSON())
		for n, want := range map[heap.Node]heap.Detachedness{1: 0, div: heap.Detached, inner: 0, fake: 0} {
			if got := s.Detachedness(n); got != want {
				t.Errorf("node %d has detachedness %d, want %d", n, got, want)
			}
		}
		if s.Name(div) != "Detached <div>" {
			t.Errorf("name %q", s.Name(div))
		}
	})
	t.Run("Chromium", func(t *testing.T) {
		b := small()
		b.Format = testheap.Chromium()
		b.Location(1, 4, 5, 6)
		b.Scope(testheap.Scope{Script: 1, ID: -2, Vars: []string{"v"}, Uses: []testheap.Use{{Scope: -2, Slot: 3}}})
		s := read(t, b.JSON())
		if at, ok := s.Location(1); !ok || at != (heap.Location{ScriptID: 4, Line: 5, Column: 6}) {
			t.Errorf("location %v %v", at, ok)
		}
		want := &heap.Scopes{Scopes: []uint64{6, 2, 0, 1, 1}, ContextVars: []uint64{4}, Uses: []uint64{2, 3}}
		if diff := cmp.Diff(want, s.Scopes()); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("Bun", func(t *testing.T) {
		b := small()
		text := bytes.Replace(b.JSON(), []byte(`"trace_tree":[]`), []byte(`"trace_tree": []`), 1)
		s := read(t, append(text[:len(text)-1], "\n}\n"...))
		if len(s.TraceTree()) != 0 || len(s.Samples()) != 0 || len(s.LocationNodes()) != 0 || len(s.Warnings()) != 0 {
			t.Errorf("tree %v, samples %v, warnings %q", s.TraceTree(), s.Samples(), s.Warnings())
		}
	})
	t.Run("Julia", func(t *testing.T) { // its own types; only the three needed members
		s := read(t, []byte(`{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count","trace_node_id","detachedness"],
			"node_types":[["synthetic","jl_task_t","Array"],"string","number","number","number","number","number"],
			"edge_fields":["type","name_or_index","to_node"],"edge_types":[["internal","field"],"string_or_number","from_node"]},
			"node_count":2,"edge_count":1},"nodes":[0,0,0,0,1,0,0,1,1,16,40,0,0,0],"edges":[1,2,7],"strings":["(root)","Task","next"]}`))
		if s.TypeName(1) != "jl_task_t" || s.Type(1) != heap.OtherNode || s.EdgeTypeName(0) != "field" || s.EdgeName(0) != "next" ||
			s.EdgeType(0) != heap.OtherEdge || s.Distance(1) != 100_000_001-100_000_000 || s.ID(1) != 16 {
			t.Error(dump(s))
		}
	})
	t.Run("type numbers without a name", func(t *testing.T) {
		b := small()
		b.Set(1, "type", 254)
		text := bytes.Replace(b.JSON(), []byte("\"edges\":[2"), []byte("\"edges\":[14"), 1)
		s := read(t, text)
		if s.TypeName(1) != "" || s.Type(1) != heap.OtherNode || s.EdgeTypeName(0) != "" || s.EdgeType(0) != heap.OtherEdge {
			t.Error(dump(s))
		}
	})
}

func TestRootIndex(t *testing.T) {
	b := testheap.New()
	a := b.Node("object", "A", 8)
	root := b.Node("synthetic", "", 0)
	b.Edge(root, "property", "a", a)
	b.Header["root_index"] = 7
	s := b.Open(t)
	if s.Root() != root || s.Dominator(a) != root || s.Distance(a) != 1 || s.RetainedSize(root) != 8 {
		t.Error(dump(s))
	}
}

// TestNumbers holds how odd numbers are read.
func TestNumbers(t *testing.T) {
	for text, want := range map[string]uint64{
		"0": 0, "007": 7, "4294967295": 1<<32 - 1,
		"4294967296": 0, "4294967299": 3, "8589934597": 5, // modulo 2^32
		"-2": 2, "- 2": 2, // as DevTools reads it
		"1.5": 1, "2.999": 2, "1e3": 1000, "1.5E+2": 150, "25e-1": 2, "-1.5": 1,
	} {
		b := testheap.New()
		b.Node("synthetic", "", 0)
		n := b.Node("object", "A", 0)
		b.Set(n, "self_size", text)
		if got := b.Open(t).ShallowSize(n); got != want {
			t.Errorf("%s reads as %d, want %d", text, got, want)
		}
	}
}

// TestBigNumbers holds that only nodes and edges are taken modulo 2^32.
func TestBigNumbers(t *testing.T) {
	b := full()
	b.Sample(1<<40, 1<<41)
	b.Header["extra_native_bytes"] = 1 << 50
	b.Trace(1, 1, 1<<40, 1<<50)
	s := b.Open(t)
	if got := s.Samples()[2]; got != (heap.Sample{Timestamp: 1 << 40, LastAssignedID: 1 << 41}) {
		t.Errorf("sample %v", got)
	}
	if s.TotalSize() <= 1<<50 {
		t.Errorf("total size %d", s.TotalSize())
	}
	if got := s.TraceTree()[4]; got.Count != 1<<40 || got.Size != 1<<50 {
		t.Errorf("trace node %+v", got)
	}
}

// TestLocations holds that of several locations the last counts, and that one
// of no node is passed over with a warning.
func TestLocations(t *testing.T) {
	b := testheap.New()
	for i := range 5 {
		b.Node("object", fmt.Sprint(i), 8)
	}
	b.Location(3, 1, 1, 1)
	b.Location(1, 2, 2, 2)
	b.Location(3, 3, 3, 3)
	b.Location(1, 4, 4, 4)
	b.Location(0, 5, 5, 5)
	b.Location(77, 6, 6, 6)
	s := b.Open(t)
	if diff := cmp.Diff([]heap.Node{0, 1, 3}, s.LocationNodes()); diff != "" {
		t.Error(diff)
	}
	for n, script := range []int64{5, 4, 0, 3, 0} {
		at, ok := s.Location(heap.Node(n))
		if at != (heap.Location{ScriptID: script, Line: script, Column: script}) || ok != (script > 0) {
			t.Errorf("node %d: %v %v", n, at, ok)
		}
	}
	if len(s.Warnings()) != 1 || !strings.Contains(s.Warnings()[0], "1 locations") {
		t.Errorf("warnings %q", s.Warnings())
	}
}

// TestTraceTree holds the tree in preorder, however deep.
func TestTraceTree(t *testing.T) {
	want := []heap.TraceNode{
		{ID: 1, Function: 0, Parent: -1},
		{ID: 2, Function: 1, Count: 1, Size: 32, Parent: 0},
		{ID: 3, Function: 1, Count: 2, Size: 64, Parent: 1},
		{ID: 4, Function: 1, Count: 5, Size: 6, Parent: 0},
	}
	s := full().Open(t)
	if diff := cmp.Diff(want, s.TraceTree()); diff != "" {
		t.Error(diff)
	}
	if s.TraceNodeID(2) != 3 {
		t.Errorf("trace of node 2: %d", s.TraceNodeID(2))
	}

	const deep = 100_000
	b := full()
	parent := 1
	for range deep {
		parent = b.Trace(parent, 1, 1, 1)
	}
	tree := b.Open(t).TraceTree()
	for i := 4; i < len(tree); i++ {
		up := int32(i - 1)
		if i == 4 {
			up = 0
		}
		if tree[i].Parent != up || tree[i].ID != uint32(i+1) {
			t.Fatalf("trace node %d: %+v", i, tree[i])
		}
	}
	if len(tree) != deep+4 {
		t.Errorf("%d trace nodes, want %d", len(tree), deep+4)
	}
}

// TestTraceFunctionsMissing is what a capture from inside the tracked process
// can give: DevTools fails on it.
func TestTraceFunctionsMissing(t *testing.T) {
	b := full()
	b.Trace(1, 99, 1, 1)
	b.Header["trace_function_count"] = 1
	s := b.Open(t)
	if len(s.Warnings()) != 1 || !strings.Contains(s.Warnings()[0], "functions that the file lacks") {
		t.Errorf("warnings %q", s.Warnings())
	}
	if f := s.TraceTree()[4].Function; f != 99 || len(s.TraceFunctions()) != 2 {
		t.Errorf("function %d of %d", f, len(s.TraceFunctions()))
	}
}

// TestMoreNumbers holds that what is past the header's counts is passed over.
func TestMoreNumbers(t *testing.T) {
	b := full()
	want := dump(b.Open(t))
	text := bytes.Replace(b.JSON(), []byte("\n],\n\"edges\""), []byte(",1,2,3,4\n],\n\"edges\""), 1)
	text = bytes.Replace(text, []byte("\n],\n\"trace_f"), []byte("\n,99,99,99,0\n],\n\"trace_f"), 1)
	s := read(t, text)
	if len(s.Warnings()) != 2 {
		t.Errorf("warnings %q", s.Warnings())
	}
	got, _, _ := strings.Cut(dump(s), "warnings")
	if !strings.HasPrefix(want, got) {
		t.Error(cmp.Diff(want, got))
	}
}

// TestNoClosingBrace is a file that lacks only its last byte.
func TestNoClosingBrace(t *testing.T) {
	text := full().JSON()
	if s := read(t, text[:len(text)-1]); len(s.Warnings()) != 1 {
		t.Errorf("warnings %q", s.Warnings())
	}
}
