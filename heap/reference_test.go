package heap_test

import (
	"regexp"
	"strconv"
	"strings"
)

// reference computes what follows from a model, each thing in the most direct
// way that its definition allows, with sets and without any order of work that
// the definition does not ask for.
type reference struct {
	*model
	names        []string
	detachedness []int
	inside       []bool // the page object flag
	queried      []bool
	self         []uint32
	distance     []int32
	dominator    []int
	retained     []uint64
}

func refer(m *model) *reference {
	r := &reference{model: m}
	r.detach()
	r.inside = r.closure(r.pageRoots(), func(_ int, e *modelEdge) bool { return e.typ != "weak" })
	var roots []int
	for _, e := range m.nodes[0].edges {
		if m.nodes[e.to].typ != "synthetic" {
			roots = append(roots, e.to)
		}
	}
	r.queried = r.closure(roots, func(_ int, e *modelEdge) bool {
		return e.typ != "hidden" && e.typ != "invisible" && e.typ != "internal" && e.typ != "weak"
	})
	r.moveSizes()
	r.distance = r.distances(nil)
	r.dominate()
	return r
}

// closure is what can be reached from the starts, themselves included.
func (r *reference) closure(starts []int, follow func(from int, e *modelEdge) bool) []bool {
	in := make([]bool, len(r.nodes))
	for _, n := range starts {
		in[n] = true
	}
	for changed := true; changed; {
		changed = false
		for n := range r.nodes {
			for i := range r.nodes[n].edges {
				e := &r.nodes[n].edges[i]
				if in[n] && !in[e.to] && follow(n, e) {
					in[e.to] = true
					changed = true
				}
			}
		}
	}
	return in
}

// detach: a native node with a state of its own keeps it; else it is attached
// when an attached one reaches it through native nodes, else detached when a
// detached one does. No walk enters a node whose own state is another.
func (r *reference) detach() {
	r.names = make([]string, len(r.nodes))
	r.detachedness = make([]int, len(r.nodes))
	for n := range r.nodes {
		r.names[n] = r.nodes[n].name
		r.detachedness[n] = r.nodes[n].detachedness
		if !r.hasDetachedness {
			r.detachedness[n] = 0
			if r.nodes[n].typ == "native" && strings.HasPrefix(r.nodes[n].name, "Detached ") {
				r.detachedness[n] = 2
			}
		}
	}
	if !r.hasDetachedness {
		return
	}
	for _, state := range []int{1, 2} {
		var starts []int
		for n := range r.nodes {
			if r.nodes[n].typ == "native" && r.nodes[n].detachedness == state {
				starts = append(starts, n)
			}
		}
		reached := r.closure(starts, func(_ int, e *modelEdge) bool {
			to := &r.nodes[e.to]
			return e.typ != "hidden" && e.typ != "invisible" && e.typ != "weak" &&
				to.typ == "native" && to.detachedness == 0 && r.detachedness[e.to] != 1
		})
		for n := range r.nodes {
			if reached[n] {
				r.detachedness[n] = state
			}
		}
	}
	for n := range r.nodes {
		if r.nodes[n].typ == "native" && r.detachedness[n] == 2 {
			r.names[n] = "Detached " + r.names[n]
		}
	}
}

func (r *reference) documents(n int) bool {
	return r.nodes[n].typ == "synthetic" && r.names[n] == "(Document DOM trees)"
}

func (r *reference) userRoot(n int) bool { return r.nodes[n].typ != "synthetic" || r.documents(n) }

func (r *reference) pageRoots() (roots []int) {
	for _, e := range r.nodes[0].edges {
		if e.typ == "shortcut" || e.typ == "element" && r.documents(e.to) {
			roots = append(roots, e.to)
		}
	}
	return roots
}

func (r *reference) moveSizes() {
	r.self = make([]uint32, len(r.nodes))
	user := false
	for n := range r.nodes {
		r.self[n] = r.nodes[n].self
	}
	for _, e := range r.nodes[0].edges {
		user = user || r.userRoot(e.to)
	}
	if !user {
		return
	}
	ownable := func(n int) bool {
		typ := r.nodes[n].typ
		return typ == "hidden" || typ == "array" || typ == "native" && r.names[n] == "system / ExternalStringData"
	}
	owners := make([][]int, len(r.nodes))
	for n := range r.nodes {
		if ownable(n) {
			continue
		}
		owned := r.closure([]int{n}, func(from int, e *modelEdge) bool {
			return (from == n || ownable(from)) && e.typ != "weak" && ownable(e.to)
		})
		for t := range r.nodes {
			if owned[t] && t != n {
				owners[t] = append(owners[t], n)
			}
		}
	}
	for t, list := range owners {
		if len(list) == 1 && list[0] != 0 && r.nodes[list[0]].typ != "synthetic" {
			r.self[list[0]] += r.self[t]
			r.self[t] = 0
		}
	}
}

var entryName = regexp.MustCompile(`^\d+( / part of key \([^\n]*? @\d+\) -> value \([^\n]*? @\d+\) pair in WeakMap \(table @(\d+)\))$`)

// entry reads the name of an internal edge as that of a WeakMap's entry.
func (e *modelEdge) entry() (pair string, table int, ok bool) {
	if e.typ != "internal" {
		return "", 0, false
	}
	m := entryName.FindStringSubmatch(e.name)
	if m == nil {
		return "", 0, false
	}
	table, _ = strconv.Atoi(m[2])
	return m[1], table, true
}

var leadingInt = regexp.MustCompile(`^\s*[-+]?\d+`)

// leading is JavaScript's parseInt.
func leading(name string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(leadingInt.FindString(name)))
	return n, err == nil
}

// distances walks level by level, in the order of the file: that order decides
// on which of an entry's two edges its value is found.
func (r *reference) distances(ignored map[int]bool) []int32 {
	distance := make([]int32, len(r.nodes))
	for n := range distance {
		distance[n] = -5
	}
	pending := map[string]bool{}
	accepts := func(from int, e *modelEdge) bool {
		n := &r.nodes[from]
		switch {
		case ignored[e.to]:
			return false
		case n.typ == "hidden" && r.names[from] == "system / NativeContext" && e.name == "sloppy_function_map":
			return false
		case n.typ == "array" && r.names[from] == "(map descriptors)":
			i, ok := leading(e.name)
			return !ok || i < 2 || i%3 != 1
		}
		if pair, _, ok := e.entry(); ok {
			pending[pair] = !pending[pair]
			return !pending[pair]
		}
		return true
	}
	walk := func(level []int) {
		for len(level) > 0 {
			var next []int
			for _, n := range level {
				for i := range r.nodes[n].edges {
					e := &r.nodes[n].edges[i]
					if e.typ != "weak" && distance[e.to] == -5 && accepts(n, e) {
						distance[e.to] = distance[n] + 1
						next = append(next, e.to)
					}
				}
			}
			level = next
		}
	}
	var users []int
	for _, e := range r.nodes[0].edges {
		if r.userRoot(e.to) {
			distance[e.to] = 1
			users = append(users, e.to)
		}
	}
	walk(users)
	distance[0] = 0
	if users != nil {
		distance[0] = 100_000_000
	}
	walk([]int{0})
	return distance
}

// essential says whether an edge counts for dominators.
func (r *reference) essential(from int, e *modelEdge) bool {
	if _, table, ok := e.entry(); ok && table == r.id(from) {
		return false
	}
	switch {
	case e.typ == "weak", e.to == from:
		return false
	case from == 0:
		return true
	}
	return e.typ != "shortcut" && (r.inside[from] || !r.inside[e.to])
}

// dominate: d dominates n when n cannot be reached without d.
func (r *reference) dominate() {
	starts := []int{0}
	hasRetainer := make([]bool, len(r.nodes))
	for n := range r.nodes {
		for i := range r.nodes[n].edges {
			if e := &r.nodes[n].edges[i]; r.essential(n, e) {
				hasRetainer[e.to] = true
			}
		}
	}
	for n, has := range hasRetainer {
		if !has && n != 0 {
			starts = append(starts, n) // as if the root led there
		}
	}
	reached := r.closure(starts, r.essential)
	dominates := make([][]bool, len(r.nodes))
	dominators := make([]int, len(r.nodes)) // how many each node has
	for d := range r.nodes {
		dominates[d] = make([]bool, len(r.nodes))
		if !reached[d] {
			continue
		}
		var without []bool
		if d == 0 {
			without = make([]bool, len(r.nodes))
		} else {
			var rest []int
			for _, n := range starts {
				if n != d {
					rest = append(rest, n)
				}
			}
			without = r.closure(rest, func(from int, e *modelEdge) bool { return e.to != d && r.essential(from, e) })
		}
		for n := range r.nodes {
			if reached[n] && !without[n] {
				dominates[d][n] = true
				dominators[n]++
			}
		}
	}
	r.dominator = make([]int, len(r.nodes))
	r.retained = make([]uint64, len(r.nodes))
	for n := range r.nodes {
		for d := range r.nodes {
			// The immediate dominator is the one with one dominator less.
			if d != n && dominates[d][n] && dominators[d] == dominators[n]-1 {
				r.dominator[n] = d
			}
			if dominates[n][d] || n == 0 || n == d {
				r.retained[n] += uint64(r.self[d])
			}
		}
	}
}
