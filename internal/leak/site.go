package leak

import (
	"cmp"
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

// declaration finds the line of a variable in its source, and the name that it
// has there: tools may have given it another one.
func (f *finder) declaration(nm named) (Place, string) {
	if nm.global && nm.url == "" {
		return f.globalDeclaration(nm.variable)
	}
	file, name := f.sources.file(nm.place), symbolName(nm.variable)
	if nm.witness.line == 0 {
		nm.witness = f.firstClosure(nm.place)
	}
	inside, witness := offset(file, nm.place), offset(file, nm.witness)
	at, ok := file.Declared(name, inside, witness)
	if !ok && inside >= 0 {
		at, ok = file.Declared(name, -1, witness)
	}
	if !ok {
		if nm.line == 0 {
			nm.line = nm.witness.line
		}
		p := f.sources.public(nm.place)
		p.Column, p.Exact = 0, false
		return p, nm.variable
	}
	p := f.sources.public(nm.place)
	if start, ok := file.Function(nm.function, witness); ok && nm.line == 0 {
		p.Function = cmp.Or(original(file, start).Name, nm.function)
	}
	origin := original(file, at)
	p.File, p.Line, p.Column, p.Exact = origin.Path, origin.Line, 0, true
	if origin.Name != "" && strings.Contains(nm.variable, name) {
		return p, strings.Replace(nm.variable, name, strings.TrimPrefix(origin.Name, "#"), 1)
	}
	return p, nm.variable
}

// nameProperty puts the property into a finding that the program gave to an
// object of a library's, when its file shows where: app.locals.history = [].
func (f *finder) nameProperty(fd *Finding, nm named) {
	dot := strings.LastIndexByte(fd.Container.Name, '.')
	if dot < 0 {
		return
	}
	name := fd.Container.Name[dot+1:]
	file := f.sources.file(nm.place)
	if at, ok := file.Property(name); ok {
		origin := original(file, at)
		fd.Variable = name
		fd.Declared.File, fd.Declared.Line, fd.Declared.Exact = origin.Path, origin.Line, true
	}
}

// symbolName is what a symbol's property is called in the source.
func symbolName(property string) string {
	if name, ok := strings.CutPrefix(property, "<symbol "); ok {
		return strings.TrimSuffix(name, ">")
	}
	return strings.TrimPrefix(property, "#")
}

// firstClosure is the first function of a script that still lives; the
// variables of its scope are declared before it as a rule.
func (f *finder) firstClosure(at place) place {
	var first place
	for n := range f.s.NodeCount() {
		n := heap.Node(n)
		if f.s.Type(n) != heap.Closure {
			continue
		}
		if loc, ok := f.s.Location(n); ok && loc.ScriptID == at.script && (first.line == 0 || int(loc.Line)+1 < first.line) {
			first, _ = f.scripts.at(n)
		}
	}
	return first
}

// globalDeclaration looks through the program's own files for the assignment
// that made a global.
func (f *finder) globalDeclaration(name string) (Place, string) {
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
		file := f.sources.file(place{url: f.scripts.url[id], script: id})
		if at, ok := file.Declared(name, -1, -1); ok {
			origin := original(file, at)
			return Place{File: origin.Path, Line: origin.Line, Exact: true}, name
		}
	}
	return Place{}, name
}

// nameStorage puts the variable of the AsyncLocalStorage into a finding when
// the program has one by name.
func (f *finder) nameStorage(fd *Finding) {
	for _, n := range f.order {
		if f.s.Type(n) != heap.Object || f.s.Name(n) != "AsyncLocalStorage" {
			continue
		}
		if nm := f.name(n); nm.found {
			fd.Declared, fd.Variable = f.declaration(nm)
			fd.Container.Name = "the stores of " + renamed(nm.access, nm.variable, fd.Variable)
			return
		}
	}
}
