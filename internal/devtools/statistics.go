package devtools

import (
	"context"

	"github.com/plumb-dev/plumb/heap"
)

// Statistics is what the Statistics perspective shows: shallow sizes in bytes
// by kind. Total = Native + V8Heap; each of them has the parts named after it,
// and OtherJS and OtherNonJS are what is left of them.
type Statistics struct {
	Total       uint64 `json:"total"`
	Native      uint64 `json:"native"`
	TypedArrays uint64 `json:"typedArrays"`
	V8Heap      uint64 `json:"v8heap"`
	Code        uint64 `json:"code"`
	JSArrays    uint64 `json:"jsArrays"`
	Strings     uint64 `json:"strings"`
	System      uint64 `json:"system"`
	OtherJS     int64  `json:"otherJS"`
	OtherNonJS  int64  `json:"otherNonJS"`
}

// Statistics of the whole snapshot.
func (v *View) Statistics() Statistics { return v.classes.statistics }

// computeStatistics is calculateStatistics.
func computeStatistics(ctx context.Context, s *heap.Snapshot) (Statistics, error) {
	outside := s.Meta().ExtraNativeBytes
	st := Statistics{Total: outside, Native: outside}
	arrayNames := s.FindStrings("Array")
	bufferNames := s.FindStrings("system / JSArrayBufferData")
	elements := s.FindStrings("elements")
	for i := range s.NodeCount() {
		if i%pollEvery == 0 && ctx.Err() != nil {
			return st, ctx.Err()
		}
		n := heap.Node(i)
		size := s.ShallowSize(n)
		st.Total += size
		switch s.Type(n) {
		case heap.Hidden:
			st.System += size
		case heap.Native:
			st.Native += size
			if contains(bufferNames, s.NameID(n)) {
				st.TypedArrays += size
			}
		case heap.Code:
			st.Code += size
		case heap.String, heap.ConcatenatedString, heap.SlicedString:
			st.Strings += size
		default:
			// By name alone: the constructor Array counts as an array too.
			if contains(arrayNames, s.NameID(n)) {
				st.JSArrays += size + ownElementsSize(s, n, elements)
			}
		}
	}
	// What the pie chart calls "other" is not bounded by the rules above: it
	// can be negative in a snapshot that contradicts itself.
	st.V8Heap = st.Total - st.Native
	st.OtherJS = int64(st.V8Heap - st.Code - st.Strings - st.JSArrays - st.System)
	st.OtherNonJS = int64(st.Native - st.TypedArrays)
	return st, nil
}

// ownElementsSize is the size of the elements of the array n when no other
// array shares them (an empty one does not own the empty elements).
func ownElementsSize(s *heap.Snapshot, n heap.Node, elements []heap.StringID) uint64 {
	for e, end := s.Edges(n); e < end; e++ {
		if s.EdgeType(e) != heap.InternalEdge || !contains(elements, heap.StringID(s.EdgeNameID(e))) {
			continue
		}
		if target := s.EdgeTarget(e); !s.Shared(target) {
			return s.ShallowSize(target)
		}
		return 0
	}
	return 0
}
