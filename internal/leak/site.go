package leak

import (
	"slices"
	"strings"

	"github.com/plumb-dev/plumb/heap"
)

// made finds the program's own function or class among what the members hold:
// the callback of a timer, a listener, the constructor of an object.
func (f *finder) made(p *growth) (place, bool) {
	starts := p.direct
	if p.kind == chain {
		starts = p.tops
		if !f.isNew(p.tops[0]) {
			starts = p.owned
		}
	}
	if len(starts) > 8 {
		starts = starts[:8]
	}
	for _, n := range starts {
		if at, ok := f.userCode(n); ok {
			return at, true
		}
	}
	return place{}, false
}

// userCode searches from n for the nearest function of the program.
func (f *finder) userCode(n heap.Node) (place, bool) {
	const most = 200
	queue := []heap.Node{n}
	for i := 0; i < len(queue); i++ {
		n := queue[i]
		if at, ok := f.scripts.at(n); ok && isUser(at.url) {
			return at, true
		}
		for e, end := f.s.Edges(n); e < end && len(queue) < most; e++ {
			to := f.s.EdgeTarget(e)
			if !f.counts(n, e, to) || f.lowPriority(n, e) || slices.Contains(queue, to) {
				continue
			}
			callback := f.s.Type(to) == heap.Closure && !strings.HasPrefix(f.s.EdgeName(e), "_idle")
			if callback || f.isNew(to) && !strings.HasPrefix(f.s.EdgeName(e), "_idle") {
				queue = append(queue, to)
			}
		}
	}
	return place{}, false
}

func (p place) public(exact bool) Place {
	return Place{File: filePath(p.url), Line: p.line, Column: p.column, Function: p.function, Exact: exact || p.line > 0}
}

// declaration finds the line of a variable in its source.
func (f *finder) declaration(nm named) Place {
	at := nm.place
	if nm.global && at.url == "" {
		return f.globalDeclaration(nm.variable)
	}
	name := strings.TrimPrefix(nm.variable, "#")
	lines := f.source.of(f.scripts, at.url, at.script)
	near := f.firstClosure(at)
	if at.line > 0 { // the enclosing function or the class is known: look below
		if line := declared(lines[min(at.line-1, len(lines)):], name, 0); line > 0 {
			return Place{File: filePath(at.url), Line: line + at.line - 1, Function: at.function, Exact: true}
		}
	}
	if line := declared(lines, name, near); line > 0 {
		return Place{File: filePath(at.url), Line: line, Function: at.function, Exact: true}
	}
	at.column = 0
	if at.line == 0 {
		at.line = near
	}
	p := at.public(false)
	p.Exact = false
	return p
}

// firstClosure is the line of the first function of a script that still
// lives; the variables of its scope are declared before it as a rule.
func (f *finder) firstClosure(at place) int {
	first := 0
	for n := range f.s.NodeCount() {
		n := heap.Node(n)
		if f.s.Type(n) != heap.Closure {
			continue
		}
		if loc, ok := f.s.Location(n); ok && loc.ScriptID == at.script && (first == 0 || int(loc.Line)+1 < first) {
			first = int(loc.Line) + 1
		}
	}
	return first
}

// globalDeclaration looks through the program's own files for the assignment
// that made a global.
func (f *finder) globalDeclaration(name string) Place {
	ids := make([]int64, 0, len(f.scripts.url))
	for id, url := range f.scripts.url {
		if isUser(url) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b int64) int { // the program's own before its libraries
		x, y := f.scripts.url[a], f.scripts.url[b]
		if isLibrary(x) != isLibrary(y) {
			if isLibrary(x) {
				return 1
			}
			return -1
		}
		return int(a - b)
	})
	for _, id := range ids {
		url := f.scripts.url[id]
		if line := declared(f.source.of(f.scripts, url, id), name, 0); line > 0 {
			return Place{File: filePath(url), Line: line, Exact: true}
		}
	}
	return Place{}
}

// nameStorage puts the variable of the AsyncLocalStorage into a finding when
// the program has one by name.
func (f *finder) nameStorage(fd *Finding) {
	for _, n := range f.order {
		if f.s.Type(n) != heap.Object || f.s.Name(n) != "AsyncLocalStorage" {
			continue
		}
		if nm := f.scripts.name(f.tree, n); nm.found {
			fd.Variable, fd.Declared = nm.variable, f.declaration(nm)
			fd.Container.Name = "the stores of " + nm.access
			return
		}
	}
}
