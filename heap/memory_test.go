package heap

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// What an open snapshot keeps for every node and every edge, in bytes. These
// are promises: a 2.5 GB file has 30 million nodes and 100 million edges. Who
// adds a column changes a number here and says why it is worth that.
const (
	bytesPerNode = 34 + 2./8
	bytesPerEdge = 8
	// At most so many exist at one time while a snapshot is being opened. 16 of a node's
	// are for the edges back and across, and those that wait on the walk's stack, that
	// this graph has very many of.
	peakPerNode = 46 + 16
	peakPerEdge = 8
)

func TestMemory(t *testing.T) {
	const nodes, edges = 288_000, 864_000
	s, err := Read(t.Context(), strings.NewReader(graph(nodes, edges)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()

	var perNode, perEdge float64
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		f := v.Field(i)
		if f.Kind() != reflect.Slice {
			continue
		}
		size := float64(f.Type().Elem().Size())
		switch name := v.Type().Field(i).Name; f.Len() {
		case nodes, nodes + 1:
			perNode += size
		case edges, edges + 1:
			perEdge += size
		case nodes / 64:
			perNode += size / 64 // a set, one bit each
		default:
			if f.Len() > nodes/64 {
				t.Errorf("column %s has %d entries, which is neither nodes nor edges", name, f.Len())
			}
		}
	}
	if perNode != bytesPerNode {
		t.Errorf("%v bytes per node, not %v", perNode, bytesPerNode)
	}
	if perEdge != bytesPerEdge {
		t.Errorf("%v bytes per edge, not %v", perEdge, bytesPerEdge)
	}
	const ends = 64 // some columns have one entry more
	if peak, most := s.arena.Peak(), int64(peakPerNode*nodes+peakPerEdge*edges+ends); peak > most {
		t.Errorf("%d bytes of columns at one time, more than %d", peak, most)
	}
}

// graph writes a snapshot in which every node but the last few refers to some
// that come after it, so that all are reached.
func graph(nodes, edges int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count","trace_node_id","detachedness"],`+
		`"node_types":[["synthetic","object"],"string","number","number","number","number","number"],`+
		`"edge_fields":["type","name_or_index","to_node"],"edge_types":[["property","shortcut"],"string_or_number","node"]},`+
		`"node_count":%d,"edge_count":%d,"trace_function_count":0},"nodes":[0,0,1,0,%d,0,0`, nodes, edges, edges/nodes+edges%nodes)
	for n := 1; n < nodes; n++ {
		fmt.Fprintf(&b, ",1,0,%d,16,%d,0,0", 2*n+1, edges/nodes)
	}
	b.WriteString(`],"edges":[`)
	for n, e := 0, 0; n < nodes; n++ {
		own := edges / nodes
		if n == 0 {
			own += edges % nodes
		}
		for i := range own {
			if e++; e > 1 {
				b.WriteByte(',')
			}
			kind := 0
			if n == 0 {
				kind = 1 // the root's edges lead to what is the user's
			}
			fmt.Fprintf(&b, "%d,0,%d", kind, min(n+1+i*(n%7), nodes-1)*7)
		}
	}
	b.WriteString(`],"trace_function_infos":[],"trace_tree":[],"strings":["a"]}`)
	return b.String()
}
