package record

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/plumb-dev/plumb/internal/inspector"
	"github.com/plumb-dev/plumb/internal/lab"
)

// files are the program's own: those in its folder and below, without packages.
type files struct {
	folder string
	list   []lab.File
	number map[string]int // by script id
	// wrapped are those with a wrapper on their first line.
	wrapped map[string]bool
	maps    map[string]*sourceMap
}

const (
	wrapperHead = "(function (exports, require, module, __filename, __dirname) { "
	wrapperTail = "\n});"
)

func newFiles(program string) *files {
	folder, err := filepath.Abs(filepath.Dir(program))
	if err != nil {
		folder = filepath.Dir(program)
	}
	if target, err := filepath.EvalSymlinks(folder); err == nil {
		folder = target
	}
	return &files{folder: folder, number: map[string]int{}, wrapped: map[string]bool{}, maps: map[string]*sourceMap{}}
}

func (f *files) base(path string) string { return filepath.Base(path) }

// name is a script's URL relative to the folder, "" when it is not the program's.
func (f *files) name(address string) string {
	path := address
	if u, err := url.Parse(address); err == nil && u.Scheme == "file" {
		path = filepath.FromSlash(u.Path)
	}
	relative, err := filepath.Rel(f.folder, path)
	if err != nil || !filepath.IsAbs(path) || strings.HasPrefix(relative, "..") {
		return ""
	}
	for _, part := range strings.Split(relative, string(filepath.Separator)) {
		if part == "node_modules" {
			return ""
		}
	}
	return filepath.ToSlash(relative)
}

func (f *files) own(address string) bool { return f.name(address) != "" }

// add takes in the source of a script.
func (f *files) add(ctx context.Context, c *inspector.Client, script inspector.Script) error {
	var source struct {
		Text string `json:"scriptSource"`
	}
	if err := c.Call(ctx, "Debugger.getScriptSource", map[string]any{"scriptId": script.ScriptID}, &source); err != nil {
		return err
	}
	// Files that are required come in Node's wrapper.
	if text, wrapped := strings.CutPrefix(source.Text, wrapperHead); wrapped {
		source.Text = strings.TrimSuffix(text, wrapperTail)
		f.wrapped[script.ScriptID] = true
	}
	name := f.name(script.URL)
	if original, stripped := f.typescript(name); stripped {
		source.Text = original
	}
	f.number[script.ScriptID] = len(f.list)
	f.list = append(f.list, lab.File{Name: name, Source: source.Text})
	f.addMap(script, source.Text)
	return nil
}

// span is where the text of a script begins and ends.
func (f *files) span(script string) (begin, end location) {
	begin.ScriptID, end.ScriptID = script, script
	if f.wrapped[script] {
		begin.Column = len(wrapperHead)
	}
	end.Line = strings.Count(f.list[f.number[script]].Source, "\n") + 1
	return begin, end
}

// place is where a location is in the sources: file, line and column, from 1 but
// for the file. Where there is a source map, it is in what the map leads to.
func (f *files) place(at location) (file, line, column int) {
	line, column = at.Line+1, at.Column+1
	if f.wrapped[at.ScriptID] && at.Line == 0 {
		column -= len(wrapperHead)
	}
	if m := f.maps[at.ScriptID]; m != nil {
		if name, _, l, c, ok := m.consumer.Source(line, column-1); ok && m.files[name] != 0 {
			return m.files[name] - 1, l, c + 1
		}
	}
	return f.number[at.ScriptID], line, column
}
