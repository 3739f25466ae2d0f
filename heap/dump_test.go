package heap_test

import (
	"fmt"
	"strings"

	"github.com/plumb-dev/plumb/heap"
)

// dump asks every accessor about everything and returns the answers as text:
// two files that say the same give the same dump.
func dump(s *heap.Snapshot) string {
	var b strings.Builder
	fmt.Fprintln(&b, "root", s.Root(), "total", s.TotalSize(), "strings", s.StringCount())
	nodes, edges := heap.Node(s.NodeCount()), heap.Edge(s.EdgeCount())
	for n := range nodes {
		fmt.Fprintf(&b, "node %d: %s %q id %d shallow %d retained %d distance %d dominator %d detachedness %d flags %d trace %d\n",
			n, s.TypeName(n), s.Name(n), s.ID(n), s.ShallowSize(n), s.RetainedSize(n), s.Distance(n),
			s.Dominator(n), s.Detachedness(n), s.Flags(n), s.TraceNodeID(n))
		_ = s.Type(n)
		_, _ = s.NodeByID(s.ID(n))
		if at, ok := s.Location(n); ok {
			fmt.Fprintln(&b, "\tat", at)
		}
		for from, to := s.Edges(n); from < to; from++ {
			entry, _ := s.Ephemeron(from)
			fmt.Fprintf(&b, "\t%s %q %v -> %d %v\n",
				s.EdgeTypeName(from), s.EdgeName(from), s.EdgeHasStringName(from), s.EdgeTarget(from), entry)
		}
		fmt.Fprint(&b, "\tretainers ", s.RetainerCount(n))
		for e, from := range s.Retainers(n) {
			fmt.Fprint(&b, " ", e, " of ", from)
		}
		fmt.Fprintln(&b, "; dominated", s.Dominated(n))
	}
	for e := range edges {
		_, _, _ = s.EdgeType(e), s.EdgeSource(e), s.EdgeNameID(e)
	}
	fmt.Fprintln(&b, "located", s.LocationNodes(), "samples", s.Samples())
	fmt.Fprintf(&b, "functions %+v\ntree %v\n", s.TraceFunctions(), s.TraceTree())
	if scopes := s.Scopes(); scopes != nil {
		fmt.Fprintln(&b, "scopes", *scopes)
	}
	fmt.Fprintf(&b, "warnings %q\n", s.Warnings())
	return b.String()
}
