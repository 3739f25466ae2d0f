package leak

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/plumb-dev/plumb/heap"
)

// mostUncounted is how many containers the program is asked about: V8 walks the
// whole heap to find one.
const mostUncounted = 20

// uncounted finds the containers whose members snapshots do not count: numbers
// and the engine's constants, which are no objects, and references to the same
// few objects again and again ("GET", "POST"). They get more without anything
// new in the snapshot, and their room grows in leaps. Those come first whose room
// has grown, then those of the program's own files, not of a library.
func (f *finder) uncounted(found []Finding) []Finding {
	type candidate struct {
		holder heap.Node
		size   uint64
		class  string
		weight int
	}
	var candidates []candidate
	for _, n := range f.order {
		if f.s.Type(n) != heap.Object || f.isNew(n) {
			continue
		}
		data, ok := f.ownData(n)
		if !ok || f.s.Type(data) == heap.Object { // the memory of a view
			continue
		}
		size := f.room(n)
		if size < minSwellStep {
			continue
		}
		class, ok := f.uncountedMembers(n, data, size)
		if !ok {
			continue
		}
		nm := f.name(n)
		if !nm.found {
			continue
		}
		c := candidate{n, size, class, 0}
		if first, ok := f.then(f.graphs[0], n); ok && f.graphs[0].room(first) < size {
			c.weight += 2
		}
		if nm.own() {
			c.weight++
		}
		candidates = append(candidates, c)
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(b.size, a.size))
	})
	var out []Finding
	for _, c := range candidates[:min(len(candidates), mostUncounted)] {
		fd := f.describePlace(&growth{kind: swell, holder: c.holder, tops: []heap.Node{c.holder}, direct: []heap.Node{c.holder}, owned: []heap.Node{c.holder}})
		leaks := func(other Finding) bool { return other.Verdict == Leaking && fd.sameVariable(other) }
		if slices.ContainsFunc(found, leaks) {
			continue
		}
		fd.Container.Kind, fd.Member = "container", Member{Class: c.class}
		fd.Share, fd.Exclusive, fd.Retainers = c.size, c.size, 1
		out = append(out, fd)
	}
	return out
}

// room is what an object takes with the engine's array of its members.
func (g *graph) room(n heap.Node) uint64 {
	size := g.s.ShallowSize(n)
	if data, ok := g.ownData(n); ok {
		size += g.s.ShallowSize(data)
	}
	return size
}

// uncountedMembers says what the members of such a container are.
func (f *finder) uncountedMembers(n, data heap.Node, size uint64) (class string, ok bool) {
	const slot = 8 // bytes
	different := map[heap.Node]bool{}
	most := int(size) / slot / 8
	for e, end := f.s.Edges(data); e < end; e++ {
		if to := f.s.EdgeTarget(e); f.value(to) {
			if different[to] = true; len(different) > most {
				return "", false
			}
		}
	}
	switch {
	case f.s.Name(n) == "Object":
		return "property", true
	case f.isMapping(n):
		return "entry", true
	case len(different) > 0:
		return "element", true
	default:
		return "number", true
	}
}

// Recount weighs r.Uncounted[i] by the members that the program itself says it
// has: before, and after each of some rounds of r.Requests requests. member is what
// they are to JavaScript's typeof, where that is known.
func (r *Result) Recount(i int, counts []int, member string) {
	fd := r.Uncounted[i]
	switch member {
	case "number", "boolean", "string", "bigint", "symbol":
		fd.Member.Class = member
	}
	fd.Asked, fd.Counts, fd.PerStep, fd.Survivors = true, counts, differences(counts), []int{}
	if r.Requests > 0 {
		fd.perRequest(r.Requests)
	}
	fd.Verdict, fd.Reason = judgeAsked(&fd, r.Requests)
	fd.Path = slices.Clone(fd.Path)
	fd.Path[len(fd.Path)-1].Reason = fmt.Sprintf("had %s members, now %s", comma(counts[0]), comma(counts[len(counts)-1]))
	r.Findings = slices.DeleteFunc(r.Findings, fd.sameVariable)
	if fd.Verdict != Healthy {
		r.Findings = append(r.Findings, fd)
		Sort(r.Findings)
	}
	r.Verdict = Healthy
	if len(r.Findings) > 0 {
		r.Verdict = r.Findings[0].Verdict
	}
}

// judgeAsked weighs exact counts of one container. Which of its members stayed is
// not known: growth that is not steady may be a table that fills up, such as a
// histogram.
func judgeAsked(fd *Finding, requests int) (Verdict, string) {
	grown := fd.Counts[len(fd.Counts)-1] - fd.Counts[0]
	steady := true
	for _, step := range fd.PerStep {
		off := max(step-fd.PerStep[0], fd.PerStep[0]-step)
		steady = steady && off*10 <= fd.PerStep[0]
	}
	switch {
	case slices.Min(fd.PerStep) <= 0:
		return Healthy, "it did not grow in every round"
	case requests >= 50 && grown >= 50 && proportional(fd.PerRequest):
		return Leaking, "the growth is in proportion to the requests"
	case steady && grown >= 20:
		return Leaking, "it grew by the same in every round"
	case requests >= 200 && fd.PerRequest < 0.09:
		return Healthy, "the growth is not even and far less than the requests"
	case grown >= minGrowth:
		return Undecided, "it grew in every round, but not evenly"
	default:
		return Healthy, "too little to tell from noise"
	}
}
