// Package export writes a snapshot's graph as three tables, nodes, edges and strings, for
// SQL: as Parquet files or as CSV.
//
// Terms: a node is named by its position in the file, as edges and dominators name it;
// its id is V8's, which DevTools shows after @. A class is DevTools' constructor name.
//
// It knows nothing of queries: docs/sql.md has some.
package export

import (
	"context"
	"io"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
	"github.com/plumb-dev/plumb/internal/devtools"
)

// Node is a row of nodes.
type Node struct {
	Node      uint32  `parquet:"node" csv:"node"`
	ID        uint64  `parquet:"id" csv:"id"`
	Type      string  `parquet:"type,dict" csv:"type"`
	Class     string  `parquet:"class,dict" csv:"class"`
	Name      string  `parquet:"name,dict" csv:"name"`
	Shallow   uint64  `parquet:"shallow" csv:"shallow"`            // bytes
	Retained  uint64  `parquet:"retained" csv:"retained"`          // bytes
	Distance  *int32  `parquet:"distance,optional" csv:"distance"` // none where only V8's own roots reach
	Dominator *uint32 `parquet:"dominator,optional" csv:"dominator"`
	Edges     uint32  `parquet:"edges" csv:"edges"`
	Detached  bool    `parquet:"detached" csv:"detached"`
	Script    *int64  `parquet:"script,optional" csv:"script"`
	Line      *int64  `parquet:"line,optional" csv:"line"` // from 1
	Column    *int64  `parquet:"column,optional" csv:"column"`
}

// Edge is a row of edges: a reference.
type Edge struct {
	From    uint32 `parquet:"from" csv:"from"`
	To      uint32 `parquet:"to" csv:"to"`
	Type    string `parquet:"type,dict" csv:"type"`
	Name    string `parquet:"name,optional,dict" csv:"name"`  // none where it has a number
	Element *int64 `parquet:"element,optional" csv:"element"` // the number
}

// Text is a row of strings: those that nodes are, with what is known of each.
type Text struct {
	Node     uint32 `parquet:"node" csv:"node"`
	ID       uint64 `parquet:"id" csv:"id"`
	Kind     string `parquet:"kind,dict" csv:"kind"` // string, concatenated string, sliced string
	Value    string `parquet:"value" csv:"value"`    // V8 may have cut it off at 1,024 characters
	Shallow  uint64 `parquet:"shallow" csv:"shallow"`
	Retained uint64 `parquet:"retained" csv:"retained"`
}

// Table takes rows.
type Table[Row any] interface {
	Write(rows []Row) (int, error)
	Close() error
}

// Format makes tables.
type Format struct {
	Ending  string
	nodes   func(io.Writer) Table[Node]
	edges   func(io.Writer) Table[Edge]
	strings func(io.Writer) Table[Text]
}

// batch is how many rows are made at a time.
const batch = 4096

// Nodes writes the nodes of a snapshot, and tells how many.
func (f Format) Nodes(ctx context.Context, w io.Writer, v *devtools.View) (int, error) {
	s := v.Snapshot()
	return each(ctx, f.nodes(w), s.NodeCount(), func(i int) (Node, bool) {
		n := heap.Node(i)
		first, end := s.Edges(n)
		row := Node{
			Node: uint32(n), ID: s.ID(n), Type: s.TypeName(n), Class: wtf8.Clean(v.ClassName(n)), Name: wtf8.Clean(s.Name(n)),
			Shallow: s.ShallowSize(n), Retained: s.RetainedSize(n), Edges: uint32(end - first), Detached: s.Detachedness(n) == heap.Detached,
		}
		if d := s.Distance(n); d >= 0 && d < heap.SystemDistance {
			row.Distance = &d
		}
		if n != s.Root() {
			dominator := uint32(s.Dominator(n))
			row.Dominator = &dominator
		}
		if at, ok := s.Location(n); ok {
			line, column := at.Line+1, at.Column+1
			row.Script, row.Line, row.Column = &at.ScriptID, &line, &column
		}
		return row, true
	})
}

// Edges writes the edges of a snapshot, and tells how many.
func (f Format) Edges(ctx context.Context, w io.Writer, s *heap.Snapshot) (int, error) {
	from := heap.Node(0)
	_, end := s.Edges(from)
	return each(ctx, f.edges(w), s.EdgeCount(), func(i int) (Edge, bool) {
		e := heap.Edge(i)
		for e >= end {
			from++
			_, end = s.Edges(from)
		}
		row := Edge{From: uint32(from), To: uint32(s.EdgeTarget(e)), Type: s.EdgeTypeName(e)}
		if s.EdgeHasStringName(e) {
			row.Name = wtf8.Clean(s.EdgeName(e))
		} else {
			number := int64(s.EdgeNameID(e))
			row.Element = &number
		}
		return row, true
	})
}

// Strings writes the strings of a snapshot, and tells how many.
func (f Format) Strings(ctx context.Context, w io.Writer, s *heap.Snapshot) (int, error) {
	return each(ctx, f.strings(w), s.NodeCount(), func(i int) (Text, bool) {
		n := heap.Node(i)
		switch s.Type(n) {
		case heap.String, heap.ConcatenatedString, heap.SlicedString:
			return Text{uint32(n), s.ID(n), s.TypeName(n), wtf8.Clean(s.Name(n)), s.ShallowSize(n), s.RetainedSize(n)}, true
		default:
			return Text{}, false
		}
	})
}

// each writes a row for each number below count that has one.
func each[Row any](ctx context.Context, t Table[Row], count int, row func(int) (Row, bool)) (written int, err error) {
	rows := make([]Row, 0, batch)
	flush := func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		_, err := t.Write(rows)
		written += len(rows)
		rows = rows[:0]
		return err
	}
	for i := range count {
		if r, ok := row(i); ok {
			rows = append(rows, r)
		}
		if len(rows) == batch {
			if err := flush(); err != nil {
				return 0, err
			}
		}
	}
	if err := flush(); err != nil {
		return 0, err
	}
	return written, t.Close()
}
