package heap_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/testheap"
)

// FuzzRead reads anything. What is refused has a kind and a hint; what is read
// answers every question, and twice the same.
func FuzzRead(f *testing.F) {
	for _, change := range []func(*testheap.Builder){
		func(*testheap.Builder) {},
		func(b *testheap.Builder) { b.Format.Layout = testheap.Minified },
		func(b *testheap.Builder) { b.Format = testheap.Node24(); b.Header["extra_native_bytes"] = 7 },
		func(b *testheap.Builder) {
			b.Format = testheap.Chromium()
			b.Scope(testheap.Scope{Script: 1, ID: -2, Vars: []string{"v"}})
		},
	} {
		b := full()
		change(b)
		f.Add(b.JSON())
	}
	f.Add(gzipped(f, full().JSON()))
	f.Add(withStrings(`"\uD83D\uDE00\ud83d","Detached x"`))
	f.Fuzz(walk)
}

// FuzzReadData has a sound header and anything behind it, which gets further
// than bytes that are anything from the start.
func FuzzReadData(f *testing.F) {
	const rest = `"trace_function_infos":[0,1,2,3,4,5],"trace_tree":[1,0,0,0,[2,0,1,32,[]]],` +
		`"samples":[1,2],"locations":[7,1,2,3]}`
	f.Add(uint16(2), uint16(1), 0, "9,1,1,0,1,0,0,3,2,3,16,0,0,2", "2,0,7", `"<dummy>","","A"`, rest)
	f.Add(uint16(3), uint16(2), 7, "8,1,3,-5,1,1,1\n,9,0,1,0,1,0,0,1,0,5,4294967295,0,0,0", "5,1,0,6,0,14",
		`"system / Context","\u00e9\ud83d"`, rest)
	f.Add(uint16(1), uint16(1), 0, "8,0,1,1,1,0,2", "3,1,0",
		`"Detached","1 / part of key (K @1) -> value (V @1) pair in WeakMap (table @1)"`, `"later":{"a":["]"]}}`)
	f.Fuzz(func(t *testing.T, nodes, edges uint16, root int, nodeData, edgeData, texts, rest string) {
		b := testheap.New()
		b.Header["node_count"], b.Header["edge_count"], b.Header["root_index"] = nodes, edges, root
		head, _, _ := bytes.Cut(b.JSON(), []byte(`"nodes":`))
		walk(t, []byte(string(head)+`"nodes":[`+nodeData+`],"edges":[`+edgeData+`],"strings":[`+texts+"],"+rest))
	})
}

// walk reads text twice and asks everything about it.
func walk(t *testing.T, text []byte) {
	s, err := heap.Read(t.Context(), bytes.NewReader(text), heap.Options{})
	if err != nil {
		var e *heap.Error
		if !errors.As(err, &e) || e.Kind == nil || e.Hint == "" {
			t.Fatalf("error %v (%T) without a kind or a hint", err, err)
		}
		return
	}
	first := dump(s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := heap.Read(t.Context(), bytes.NewReader(text), heap.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if second := dump(again); second != first {
		t.Fatalf("read again:\n%s\nfirst:\n%s", second, first)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}
