package leak

import (
	"fmt"
	"math"
	"slices"

	"github.com/plumb-dev/plumb/heap"
)

// Bytes that one object must gain to be looked at, and in each step to leak.
const (
	minSwell     = 16_000
	minSwellStep = 1_000
	minSwellOnce = 100_000 // between two snapshots
	minSwellEven = 4_000   // by the same in each step
)

// swollen finds single objects that get larger themselves while the objects
// below them do not get more: a text that is appended to, a Buffer that is
// joined with the next, an array of numbers.
func (f *finder) swollen() []*growth {
	var places []*growth
	for _, n := range f.order {
		if f.ownSize(n) < minSwell || !f.name(n).found {
			continue
		}
		p := &growth{kind: swell, holder: n, tops: []heap.Node{n}, direct: []heap.Node{n}, owned: []heap.Node{n}}
		counts := f.series(p, f.graphs)
		if counts[0] == 0 {
			continue
		}
		if grown := counts[len(counts)-1] - counts[0]; grown >= minSwell || grown >= minSwellEven && even(differences(counts)) {
			places = append(places, p)
		}
	}
	return places
}

// even says whether an object grows by the same in each of several steps.
func even(steps []int) bool {
	for _, step := range steps {
		if off := step - steps[0]; off*50 > steps[0] || off*50 < -steps[0] {
			return false
		}
	}
	return len(steps) > 1 && steps[0] >= minSwellStep
}

// ownSize is the size of a thing with the memory that only its own data takes,
// bytes: the pieces of a string, the memory of a Buffer, the elements of a
// container of numbers. It is 0 for all else, and for the parts of a thing.
func (g *graph) ownSize(n heap.Node) int {
	switch g.s.Type(n) {
	case heap.String, heap.ConcatenatedString:
		return int(g.textSize(n))
	case heap.Object:
	default:
		return 0
	}
	data, ok := g.ownData(n)
	if ok && g.s.Type(data) == heap.Object { // a view's ArrayBuffer
		data, ok = g.ownData(data)
	}
	if !ok {
		return 0
	}
	// The size of an array of the engine's counts for its owner already.
	size := int(g.s.ShallowSize(n) + g.s.ShallowSize(data))
	if size < minSwellStep || !g.onlyNumbers(data) {
		return 0
	}
	return size
}

// ownData is where an object has its own data: the memory that a view shows,
// else the largest of the engine's arrays.
func (g *graph) ownData(n heap.Node) (data heap.Node, ok bool) {
	for e, end := g.s.Edges(n); e < end; e++ {
		if g.s.EdgeType(e) != heap.InternalEdge || g.edgeName(g.s.EdgeNameID(e)) != storage {
			continue
		}
		to := g.s.EdgeTarget(e)
		if g.s.Type(to) == heap.Object {
			return to, true
		}
		if !ok || g.s.ShallowSize(to) > g.s.ShallowSize(data) {
			data, ok = to, true
		}
	}
	return data, ok
}

// onlyNumbers says whether the engine's array refers to no value.
func (g *graph) onlyNumbers(array heap.Node) bool {
	for e, end := g.s.Edges(array); e < end; e++ {
		if g.value(g.s.EdgeTarget(e)) {
			return false
		}
	}
	return true
}

// textSize adds up the pieces of a string.
func (g *graph) textSize(n heap.Node) uint64 {
	const most = 10_000
	seen := []heap.Node{n}
	var size uint64
	for i := 0; i < len(seen); i++ {
		size += g.s.ShallowSize(seen[i])
		if g.s.Type(seen[i]) != heap.ConcatenatedString {
			continue
		}
		for e, end := g.s.Edges(seen[i]); e < end && len(seen) < most; e++ {
			switch to := g.s.EdgeTarget(e); g.s.Type(to) {
			case heap.String, heap.ConcatenatedString:
				seen = append(seen, to)
			}
		}
	}
	return size
}

// enlarged says whether a size grew as those that make room in advance do: to half
// as much again, or to twice or four times as much.
func enlarged(sizes []int) bool {
	grown := float64(sizes[len(sizes)-1]) / float64(sizes[0])
	for _, factor := range []float64{1.5, 2, 4} {
		if math.Abs(grown/factor-1) < 0.02 {
			return true
		}
	}
	return false
}

// judgeSize weighs the growth of one object, which was there in the first
// snapshot or has replaced another. Arrays and tables get room for many numbers
// at once, so that one that keeps the same object grows in leaps.
func judgeSize(fd *Finding, replaced bool) (Verdict, string) {
	first, last := fd.PerStep[0], fd.PerStep[len(fd.PerStep)-1]
	switch {
	case even(fd.PerStep):
		return Leaking, "one object grew by the same in every step"
	case len(fd.PerStep) > 1 && !replaced && fd.Cause != GrowingString && slices.Min(fd.PerStep) == 0:
		return Undecided, "it made room for more numbers, and snapshots do not say how many it has"
	case len(fd.PerStep) > 1 && replaced && fd.Cause != GrowingString && slices.Min(fd.PerStep) == 0 && enlarged(fd.Counts):
		return Undecided, "it was replaced by one with more room, and snapshots do not say what of it is used"
	case slices.Min(fd.PerStep) < minSwellStep:
		return Healthy, "it did not grow in every step"
	case len(fd.PerStep) == 1 && first < minSwellOnce:
		return Healthy, "too little to tell from data that changes"
	case len(fd.PerStep) == 1:
		return Undecided, "two snapshots cannot tell whether one object goes on growing"
	case last*4 < first:
		return Undecided, "it grew in every step, but ever less"
	default:
		return Leaking, fmt.Sprintf("one object grew in each of %d steps", len(fd.PerStep))
	}
}
