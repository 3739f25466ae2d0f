package leak

import (
	"cmp"
	"slices"
	"strings"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/leak/source"
)

// sources puts the places that a snapshot knows into the text that a person
// wrote.
type sources struct {
	*source.Reader
	scripts *scripts
}

func (src *sources) file(at place) *source.File {
	return src.File(filePath(at.url), func() string { return src.scripts.text(at.url, at.script) })
}

// written are the files that people wrote and the program has loaded, without
// what was installed.
func (src *sources) written() []string {
	var files []string
	for id, url := range src.scripts.url {
		if !isUser(url) || isLibrary(url) {
			continue
		}
		file := src.file(place{url: url, script: id})
		if origins := file.Origins(); len(origins) > 0 {
			files = append(files, origins...)
		} else {
			files = append(files, file.Path)
		}
	}
	files = slices.DeleteFunc(files, isLibrary)
	slices.Sort(files)
	return slices.Compact(files)
}

// offset of a place in its file, -1 when it has no line.
func offset(file *source.File, at place) int {
	if at.line == 0 || filePath(at.url) != file.Path {
		return -1
	}
	return file.Offset(at.line, at.column)
}

// original follows the source map, if there is one.
func original(file *source.File, at int) source.Origin {
	line, column := file.Position(at)
	if o, ok := file.Original(line, column); ok {
		return o
	}
	return source.Origin{Path: file.Path, Line: line, Column: column}
}

// public is a place as a finding shows it. A function's place is where its
// parameters begin, its name stands before.
func (src *sources) public(at place) Place {
	p := Place{File: filePath(at.url), Line: at.line, Column: at.column, Function: at.function, Exact: at.line > 0}
	if at.line == 0 || !isUser(at.url) {
		return p
	}
	file := src.file(at)
	if o, ok := file.Original(at.line, at.column); ok {
		p.File, p.Line, p.Column = o.Path, o.Line, o.Column
		if start := offset(file, at) - len(at.function); start >= 0 && strings.HasPrefix(file.Text[start:], at.function) {
			if named := original(file, start).Name; named != "" && at.function != "" {
				p.Function = named
			}
		}
	}
	return p
}

// maker is where members come from: of a function without a name and of an
// async function at work, whose object is no function, with the name of the
// function there or around it.
func (src *sources) maker(at place) Place {
	p := src.public(at)
	switch at.function {
	case "", "Generator", "AsyncGenerator":
		file := src.file(at)
		p.Function = file.Around(offset(file, at))
	}
	return p
}

// sourceScope is the scope of a context as its source has it.
func (f *finder) sourceScope(context heap.Node) scope {
	in := f.scripts.scopeOf(context)
	if !isUser(in.url) {
		return in
	}
	file := f.sources.file(in.place)
	witness := offset(file, in.witness)
	if in.line > 0 {
		in.function = f.sources.public(in.place).Function
	} else if start, ok := file.Function(in.function, witness); ok {
		in.function = cmp.Or(original(file, start).Name, in.function)
	}
	if witness >= 0 {
		in.url = original(file, witness).Path
	}
	return in
}

// sourceVariable is the name of a variable in its source.
func (f *finder) sourceVariable(context heap.Node, variable string) string {
	in := f.scripts.scopeOf(context)
	if !isUser(in.url) || !f.sources.file(in.place).Mapped() {
		return variable
	}
	_, name := f.declaration(named{place: in.place, variable: variable, witness: in.witness})
	return name
}

// renamed is the way to an object with the variable's name in the source.
func renamed(access, variable, name string) string {
	if variable == name {
		return access
	}
	if rest, ok := strings.CutPrefix(access, variable); ok {
		return name + rest
	}
	return access
}
