package decode

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestDivision compares with what the processor divides.
func TestDivision(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fields := rapid.Uint32Range(1, 40).Draw(t, "fields")
		nodes := rapid.Uint32Range(1, 1<<TargetBits).Draw(t, "nodes")
		d := newDivision(fields, nodes)
		position := rapid.OneOf(
			rapid.Uint32(),
			rapid.Map(rapid.Uint32Range(0, math.MaxUint32/fields), func(n uint32) uint32 { return n * fields }),
			rapid.Map(rapid.Uint32Range(0, 2), func(past uint32) uint32 { return (nodes - 1 + past) * fields }),
		).Draw(t, "position")
		node, ok := d.divide(position)
		want := position%fields == 0 && position/fields < nodes
		if ok != want || ok && node != position/fields {
			t.Fatalf("%d/%d of %d nodes is %d, %t", position, fields, nodes, node, ok)
		}
	})
}

// TestEdgeColumns: what the vectors make of edges is what is made of one edge
// after the other, up to the group of the first bad one.
func TestEdgeColumns(t *testing.T) {
	if !vectors {
		t.Skip("the processor has no vectors of 64 bytes")
	}
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.Permutation([]int{0, 1, 2}).Draw(t, "layout")
		nodeFields := rapid.Uint32Range(1, 9).Draw(t, "node fields")
		nodes := rapid.Uint32Range(1, 1<<TargetBits).Draw(t, "nodes")
		count := rapid.IntRange(0, 70).Draw(t, "edges")
		bad := rapid.IntRange(-1, 100).Draw(t, "bad")
		rows, good := make([]uint32, 3*count), 0
		var target, name []uint32
		for e := range count {
			kind := rapid.Uint32Range(0, maxEdgeTypes-1).Draw(t, "kind")
			node := rapid.Uint32Range(0, min(nodes, math.MaxUint32/nodeFields)-1).Draw(t, "node")
			row := rows[3*e:]
			row[at[0]], row[at[1]], row[at[2]] = kind, rapid.Uint32().Draw(t, "name"), node*nodeFields
			target, name = append(target, kind<<TargetBits|node), append(name, row[at[1]])
			switch {
			case e != bad:
			case nodeFields > 1 && rapid.Bool().Draw(t, "no multiple"):
				row[at[2]]++
			case rapid.Bool().Draw(t, "type"):
				row[at[0]] = maxEdgeTypes
			default:
				row[at[2]] = nodes * nodeFields
			}
			if bad < 0 || e < bad {
				good++
			}
		}
		l := newEdgeLayout(3, at[0], at[1], at[2], newDivision(nodeFields, nodes))
		gotTarget, gotName := make([]uint32, count), make([]uint32, count)
		done := l.columns(gotTarget, gotName, rows)
		if done != good/16*16 {
			t.Fatalf("%d of %d edges are done", done, good)
		}
		if !slices.Equal(gotTarget[:done], target[:done]) || !slices.Equal(gotName[:done], name[:done]) {
			t.Fatalf("%d %d, want %d %d", gotTarget, gotName, target, name)
		}
	})
}
