package export

import (
	"bytes"
	"encoding/csv"
	"io"
	"strconv"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/devtools"
	"github.com/plumb-dev/plumb/internal/testheap"
)

func view(t *testing.T) *devtools.View {
	t.Helper()
	b := testheap.New()
	root := b.Node("synthetic", "(GC roots)", 0)
	global := b.Node("object", "global", 10)
	list := b.Node("object", "Array", 20)
	b.Edge(root, "property", "global", global)
	b.Edge(global, "property", "list", list)
	for i := range 3 {
		b.Element(list, i, b.Node("string", "text \"quoted\",\n"+strconv.Itoa(i%2), 30))
	}
	s := b.Open(t)
	v, err := devtools.New(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// read reads a table back.
func read[Row any](t *testing.T, text []byte) []Row {
	t.Helper()
	rows, err := parquet.Read[Row](bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestTables holds what is in the tables, in both formats.
func TestTables(t *testing.T) {
	v := view(t)
	s := v.Snapshot()
	tables := func(f Format) (nodes, edges, texts bytes.Buffer) {
		for _, write := range []func() (int, error){
			func() (int, error) { return f.Nodes(t.Context(), &nodes, v) },
			func() (int, error) { return f.Edges(t.Context(), &edges, s) },
			func() (int, error) { return f.Strings(t.Context(), &texts, s) },
		} {
			if _, err := write(); err != nil {
				t.Fatal(err)
			}
		}
		return nodes, edges, texts
	}
	nodes, edges, texts := tables(Parquet)
	for i, row := range read[Node](t, nodes.Bytes()) {
		n := heap.Node(i)
		if int(row.Node) != i || row.ID != s.ID(n) || row.Class != v.ClassName(n) || row.Shallow != s.ShallowSize(n) || row.Retained != s.RetainedSize(n) ||
			(row.Dominator == nil) != (n == s.Root()) || row.Dominator != nil && heap.Node(*row.Dominator) != s.Dominator(n) {
			t.Errorf("node %d is %+v", i, row)
		}
	}
	refs := read[Edge](t, edges.Bytes())
	if len(refs) != s.EdgeCount() {
		t.Fatalf("%d edges", len(refs))
	}
	for i, row := range refs {
		e := heap.Edge(i)
		number := row.Element != nil
		if heap.Node(row.From) != s.EdgeSource(e) || heap.Node(row.To) != s.EdgeTarget(e) || number == s.EdgeHasStringName(e) || !number && row.Name != s.EdgeName(e) || number && *row.Element != int64(s.EdgeNameID(e)) {
			t.Errorf("edge %d is %+v", i, row)
		}
	}
	if all := read[Text](t, texts.Bytes()); len(all) != 3 || all[1].Value != "text \"quoted\",\n1" || all[1].Shallow != 30 {
		t.Errorf("strings %+v", all)
	}

	nodes, edges, texts = tables(CSV)
	for what, want := range map[*bytes.Buffer]int{&nodes: s.NodeCount(), &edges: s.EdgeCount(), &texts: 3} {
		lines, err := csv.NewReader(what).ReadAll()
		if err != nil || len(lines) != want+1 {
			t.Errorf("%d lines, want %d and a head: %v", len(lines), want, err)
		}
	}
}

// TestFull tells when there is no room for a table.
func TestFull(t *testing.T) {
	v := view(t)
	for _, f := range []Format{Parquet, CSV} {
		if _, err := f.Nodes(t.Context(), full{}, v); err == nil {
			t.Errorf("%s: nothing is said about a full disk", f.Ending)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
