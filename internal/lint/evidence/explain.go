package evidence

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/lint"
	"github.com/plumb-dev/plumb/internal/lint/files"
)

// Explain looks, in the sources that the findings name and in those that import
// them, for the line that makes each grow. A finding whose source is not at
// hand, or does not show it, stays as it is.
func Explain(ctx context.Context, findings []leak.Finding, read func(path string) ([]byte, error)) {
	for i := range findings {
		f := &findings[i]
		if f.Variable == "" || f.Declared.Line == 0 {
			continue
		}
		if !explain(f, sources(f), read) {
			explain(f, importers(ctx, f, read), read)
		}
	}
}

func explain(f *leak.Finding, paths []string, read func(path string) ([]byte, error)) bool {
	for _, path := range paths {
		text, err := read(path)
		if err != nil {
			continue
		}
		at, ok := lint.Growth(path, string(text), lint.Suspect{
			Variable: f.Variable, File: f.Declared.File, Line: f.Declared.Line,
			Global: strings.HasPrefix(f.Container.Name, "globalThis."),
		})
		if ok {
			f.Grows = &leak.Place{File: path, Line: at.Line, Column: at.Column, Exact: true}
			return true
		}
	}
	return false
}

// sources are the files of a finding: where the variable is, and where what it
// keeps comes from.
func sources(f *leak.Finding) []string {
	paths := []string{f.Declared.File}
	add := func(p string) {
		if p != "" && p != paths[0] {
			paths = append(paths, p)
		}
	}
	add(f.Made.File)
	if f.Allocated != nil {
		add(f.Allocated.File)
	}
	return paths
}

// most bounds how many files are looked through for an import.
const most = 5000

// importers are the files of the program that name both the variable and the
// file that declares it: its package's, or its folder's when it has none.
func importers(ctx context.Context, f *leak.Finding, read func(path string) ([]byte, error)) []string {
	file := f.Declared.File
	if !filepath.IsAbs(file) || strings.Contains(file, "/node_modules/") {
		return nil
	}
	root := filepath.Dir(file)
	for dir := root; filepath.Dir(dir) != dir; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "package.json")); err == nil {
			root = dir
			break
		}
	}
	list, err := files.Find(ctx, []string{root}, files.Options{})
	if err != nil || len(list.Files) > most {
		return nil
	}
	stem := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	var found []string
	for _, path := range list.Files {
		text, err := read(path)
		if err == nil && path != file && strings.Contains(string(text), f.Variable) && strings.Contains(string(text), stem) {
			found = append(found, path)
		}
	}
	return found
}
