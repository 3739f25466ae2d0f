package heap_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/testheap"
)

// wantFault checks that err is an Error of a kind, with a hint, with a place in
// the file where there is one, and that it says what.
func wantFault(t *testing.T, err, kind error, says string, place bool) *heap.Error {
	t.Helper()
	var e *heap.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v (%T), want a *heap.Error", err, err)
	}
	if !errors.Is(err, kind) {
		t.Errorf("error %q, want the kind %q", err, kind)
	}
	if !strings.Contains(err.Error(), says) {
		t.Errorf("error %q does not say %q", err, says)
	}
	if e.Hint == "" || strings.ContainsAny(err.Error()+e.Hint, "\n\x00") {
		t.Errorf("error %q with the hint %q", err, e.Hint)
	}
	if place != (e.Offset >= 0) {
		t.Errorf("error %q at %d", err, e.Offset)
	}
	return e
}

func fail(t *testing.T, text string) error {
	t.Helper()
	s, err := heap.Read(t.Context(), strings.NewReader(text), heap.Options{})
	if err == nil {
		t.Errorf("no error for %.3000q", text)
		_ = s.Close()
	}
	return err
}

func TestNotSnapshot(t *testing.T) {
	for name, test := range map[string]struct {
		text, says string
		place      bool
	}{
		"empty":          {"", "empty", false},
		"only space":     {" \n\t ", "empty", false},
		"web page":       {"<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>", "<!DOCTYPE html>", true},
		"text":           {"Cannot GET /heap", "Cannot GET /heap", true},
		"binary":         {"\x00\x01\x02\xFF", "begins with", true},
		"JSON list":      {"[1,2,3]", "[1,2,3]", true},
		"JSON text":      {`"snapshot"`, "begins with", true},
		"empty object":   {"{}", `no "snapshot" header`, false},
		"other object":   {`{"name":"plumb","version":"1.0","list":[{"a":1}]}`, `no "snapshot" header`, false},
		"CPU profile":    {`{"nodes":[{"id":1,"callFrame":{"functionName":"(root)"}}],"startTime":1,"samples":[1]}`, `no "snapshot" header`, false},
		"heap profile":   {`{"head":{"callFrame":{"functionName":"(root)"},"selfSize":0,"children":[]},"samples":[]}`, `no "snapshot" header`, false},
		"trace":          {`{"traceEvents":[{"pid":1,"ts":0}],"metadata":{}}`, `no "snapshot" header`, false},
		"other snapshot": {`{"snapshot":{"id":7},"nodes":[]}`, `no "meta"`, true},
		"no meta":        {`{"snapshot":{},"nodes":[]}`, `no "meta"`, true},
	} {
		t.Run(name, func(t *testing.T) {
			wantFault(t, fail(t, test.text), heap.ErrNotSnapshot, test.says, test.place)
		})
	}
}

// TestOpenBad is about what is no readable file at all.
func TestOpenBad(t *testing.T) {
	dir := t.TempDir()
	_, err := heap.Open(t.Context(), filepath.Join(dir, "missing.heapsnapshot"), heap.Options{})
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "missing.heapsnapshot") {
		t.Errorf("missing file: %v", err)
	}
	_, err = heap.Open(t.Context(), dir, heap.Options{})
	if e := wantFault(t, err, heap.ErrNotSnapshot, dir, false); e.Path != dir {
		t.Errorf("path %q", e.Path)
	}
	for name, text := range map[string]string{"empty": "", "page": "<html>", "cut": `{"snapshot":`} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := heap.Open(t.Context(), path, heap.Options{})
		var e *heap.Error
		if !errors.As(err, &e) || e.Path != path || e.Hint == "" {
			t.Errorf("%s: %#v", name, err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 {
		t.Errorf("a failed open left files behind: %v %v", entries, err)
	}
}

// TestCorrupt is about files that contradict themselves.
func TestCorrupt(t *testing.T) {
	replace := func(old, by string) func(*testheap.Builder) string {
		return func(b *testheap.Builder) string {
			text := string(b.JSON())
			if !strings.Contains(text, old) {
				t.Fatalf("%q is not in %s", old, text)
			}
			return strings.Replace(text, old, by, 1)
		}
	}
	header := func(field string, value any) func(*testheap.Builder) string {
		return func(b *testheap.Builder) string { b.Header[field] = value; return string(b.JSON()) }
	}
	for name, test := range map[string]struct {
		damage func(*testheap.Builder) string
		kind   error
		says   string
		place  bool
	}{
		"header is a list":   {replace(`"snapshot":{`, `"snapshot":[],"x":{`), heap.ErrCorrupt, "header", true},
		"header cut":         {replace(`"node_count":7`, `"node_count":`), heap.ErrCorrupt, "header", true},
		"meta is a number":   {replace(`"meta":{`, `"meta":7,"x":{`), heap.ErrCorrupt, "header", true},
		"fields are numbers": {replace(`["type","name_or_index","to_node"]`, `[1,2,3]`), heap.ErrCorrupt, "header", true},
		"count is text":      {header("node_count", "many"), heap.ErrCorrupt, "", true},
		"count is negative":  {header("node_count", -7), heap.ErrCorrupt, "node_count", true},
		"count is huge":      {header("edge_count", 1e300), heap.ErrCorrupt, "edge_count", true},
		"no nodes":           {header("node_count", 0), heap.ErrCorrupt, "node_count", true},
		"no size field":      {replace(`"self_size"`, `"shelf_size"`), heap.ErrCorrupt, "self_size", true},
		"no target field":    {replace(`"to_node"`, `"two_node"`), heap.ErrCorrupt, "to_node", true},
		"root in a node":     {header("root_index", 3), heap.ErrCorrupt, "root_index", true},
		"root past the end":  {header("root_index", 700), heap.ErrCorrupt, "root_index", true},
		"root is negative":   {header("root_index", -7), heap.ErrCorrupt, "root_index", true},
		"two headers":        {replace("\"nodes\":[", `"snapshot":{},"nodes":[`), heap.ErrCorrupt, "twice", true},
		"nodes twice":        {replace("\"edges\":[", `"nodes":[],"edges":[`), heap.ErrCorrupt, "twice", true},
		"nodes are text":     {replace("\"nodes\":[", `"nodes":"x","x":[`), heap.ErrCorrupt, "nodes", true},
		"nodes are nested":   {replace("\"nodes\":[", `"nodes":[[`), heap.ErrCorrupt, "among the numbers", true},
		"word among numbers": {replace("\"edges\":[", `"edges":[null,`), heap.ErrCorrupt, "among the numbers", true},
		"two points":         {replace("\"nodes\":[", `"nodes":[1.2.3,`), heap.ErrCorrupt, "among the numbers", true},
		"number among texts": {replace("\"strings\":[", `"strings":[7,`), heap.ErrCorrupt, "between strings", true},
		"tree is a number":   {replace("\"trace_tree\":[", `"trace_tree":7,"x":[`), heap.ErrCorrupt, "allocation tree", true},
		"tree is closed":     {replace("\"trace_tree\":[", `"trace_tree":][7,"x":[`), heap.ErrCorrupt, "allocation tree", true},
		"tree with text":     {replace("\"trace_tree\":[", `"trace_tree":["`), heap.ErrCorrupt, "allocation tree", true},
		"tree of lists":      {replace("\"trace_tree\":[", `"trace_tree":[[7],`), heap.ErrCorrupt, "allocation tree", true},
		"sample is text":     {replace("\"samples\":[", `"samples":["`), heap.ErrCorrupt, "samples", true},
		"no colon":           {replace("\"edges\":[", `"edges"[`), heap.ErrCorrupt, "edges", true},
		"no quote":           {replace("\"edges\":[", `edges:[`), heap.ErrCorrupt, "a member's name", true},
		"too few nodes":      {header("node_count", 8), heap.ErrCorrupt, "8 nodes", true},
		"too few edges":      {header("edge_count", 11), heap.ErrCorrupt, "11 edges", true},
		"too many edges":     {header("edge_count", 9), heap.ErrCorrupt, "10 edges", false},
		"edge count":         {func(b *testheap.Builder) string { b.Set(3, "edge_count", 5); return string(b.JSON()) }, heap.ErrCorrupt, "edges", false},
		"huge edge counts": {func(b *testheap.Builder) string {
			b.Set(3, "edge_count", "4294967295")
			b.Set(4, "edge_count", "4294967295")
			return string(b.JSON())
		}, heap.ErrCorrupt, "edges", false},
		"edge into a node":  {replace("\n,1,1,7\n", "\n,1,1,8\n"), heap.ErrCorrupt, "no multiple", true},
		"edge to nowhere":   {replace("\n,1,1,7\n", "\n,1,1,70\n"), heap.ErrCorrupt, "past the last", true},
		"edge far away":     {replace("\n,1,1,7\n", "\n,1,1,4294967292\n"), heap.ErrCorrupt, "past the last", true},
		"edge type":         {replace("\n,1,1,7\n", "\n,15,1,7\n"), heap.ErrCorrupt, "type 15", true},
		"name of a node":    {func(b *testheap.Builder) string { b.Set(2, "name", 9999); return string(b.JSON()) }, heap.ErrCorrupt, "node 2 has the name 9999", false},
		"name of an edge":   {replace("\n,2,7,14\n", "\n,2,99,14\n"), heap.ErrCorrupt, "edge 2 has the name 99", false},
		"no strings":        {replace("\"strings\":[", `"strings":[],"x":[`), heap.ErrCorrupt, "0 strings", false},
		"no member strings": {replace("\"strings\":[", `"x":[`), heap.ErrTruncated, `"strings"`, true},
		"no member edges":   {replace("\"edges\":[", `"x":[`), heap.ErrTruncated, `"edges"`, true},
		"10^12 nodes":       {header("node_count", 1e12), heap.ErrTooBig, "1000000000000", true},
		"10^12 edges":       {header("edge_count", 1e12), heap.ErrTooBig, "1000000000000", true},
		"300 node types": {func(b *testheap.Builder) string {
			b.Format.NodeTypes = append(b.Format.NodeTypes, strings.Split(strings.Repeat("x", 300), "")...)
			return string(b.JSON())
		}, heap.ErrTooBig, "316 types", true},
		"30 edge types": {func(b *testheap.Builder) string {
			b.Format.EdgeTypes = append(b.Format.EdgeTypes, strings.Split(strings.Repeat("x", 30), "")...)
			return string(b.JSON())
		}, heap.ErrTooBig, "37 types", true},
	} {
		t.Run(name, func(t *testing.T) {
			wantFault(t, fail(t, test.damage(full())), test.kind, test.says, test.place)
		})
	}
}

// TestPlace holds that a fault far inside the file is at the byte it names.
func TestPlace(t *testing.T) {
	text := crowd(30_000).JSON()
	for _, bad := range []string{"\n,2,7,3", "\n,14,9,14000007"} {
		at := len(text) * 7 / 10 // among the edges
		at += bytes.Index(text[at:], []byte("\n,"))
		end := at + 1 + bytes.IndexByte(text[at+1:], '\n')
		damaged := string(text[:at]) + bad + string(text[end:])
		e := wantFault(t, fail(t, damaged), heap.ErrCorrupt, "edge ", true)
		if want := int64(at + 2); e.Offset != want {
			t.Errorf("%q is at %d: %v", bad, want, e)
		}
	}
}

// TestTypesThatAreNone holds that a header without names of types is read, as
// in DevTools: no type is known then.
func TestTypesThatAreNone(t *testing.T) {
	text := string(full().JSON())
	from, to := strings.Index(text, `"node_types":`), strings.Index(text, `"edge_fields"`)
	for _, types := range []string{`"node_types":[],`, `"node_types":["number",1,{}],`, ""} {
		if s := read(t, []byte(text[:from]+types+text[to:])); s.TypeName(1) != "" || s.Type(1) != heap.OtherNode {
			t.Errorf("%s: node 1 is a %q", types, s.TypeName(1))
		}
	}
}

// TestCut cuts a file at every byte, from a stream and a file in turn: always
// an error of the right kind, with a hint, and never at a wrong place.
func TestCut(t *testing.T) {
	text := full().JSON()
	path := filepath.Join(t.TempDir(), "cut")
	for cut := 0; cut < len(text)-1; cut += stride() {
		var err error
		if cut%2 == 0 {
			err = fail(t, string(text[:cut]))
		} else {
			if err := os.WriteFile(path, text[:cut], 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err = heap.Open(t.Context(), path, heap.Options{NoIndex: true}); err == nil {
				t.Fatalf("no error for %q", text[:cut])
			}
		}
		kind := heap.ErrTruncated
		if cut == 0 {
			kind = heap.ErrNotSnapshot
		}
		if e := wantFault(t, err, kind, "", cut > 0); e.Offset > int64(cut) {
			t.Fatalf("cut at %d: %v", cut, err)
		}
	}
}

// stride is how many places a test of every place skips.
func stride() int {
	if testing.Short() {
		return 7
	}
	return 1
}

// TestFlips damages files in many ways. Each is refused or read; what is read
// can be asked anything.
func TestFlips(t *testing.T) {
	texts := [][]byte{full().JSON()}
	spaced := full()
	spaced.Format.Layout = testheap.Spaced
	texts = append(texts, spaced.JSON())
	rapid.Check(t, func(t *rapid.T) {
		text := bytes.Clone(rapid.SampledFrom(texts).Draw(t, "file"))
		for range rapid.IntRange(1, 4).Draw(t, "flips") {
			at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
			switch rapid.IntRange(0, 3).Draw(t, "how") {
			case 0:
				text[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
			case 1:
				text[at] = rapid.SampledFrom([]byte(`0123456789[]{},:"\-.e `)).Draw(t, "byte")
			case 2:
				text = append(text[:at], text[min(len(text), at+rapid.IntRange(1, 30).Draw(t, "lost")):]...)
			case 3:
				end := min(len(text), at+rapid.IntRange(1, 30).Draw(t, "doubled"))
				text = append(text[:end:end], text[at:]...)
			}
			if len(text) == 0 {
				break
			}
		}
		s, err := heap.Read(t.Context(), bytes.NewReader(text), heap.Options{})
		if err != nil {
			var e *heap.Error
			if !errors.As(err, &e) || e.Hint == "" {
				t.Fatalf("error %v without a kind or a hint", err)
			}
			return
		}
		_ = dump(s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
