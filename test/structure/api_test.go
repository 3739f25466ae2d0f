package structure

import (
	"bytes"
	"flag"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the files that say what the library's API is")

// TestLibraryAPI holds that the API of the public library changes only where that is
// meant: testdata/*.api has every exported declaration. A line that goes or changes there
// breaks somebody's program, and belongs into the changelog.
func TestLibraryAPI(t *testing.T) {
	for _, dir := range []string{"heap", "heap/wtf8"} {
		got := exported(t, filepath.Join("..", "..", dir))
		path := filepath.Join("testdata", strings.ReplaceAll(dir, "/", "-")+".api")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("the API of %s is another one (go test ./test/structure -run API -update, and tell it in CHANGELOG.md):\n%s", dir, diff)
		}
	}
}

// exported prints the exported declarations of a package, without bodies and comments.
func exported(t *testing.T, dir string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.FileExports(file)
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				d.Body, d.Doc = nil, nil
			case *ast.GenDecl:
				if d.Tok == token.IMPORT {
					continue
				}
				d.Doc = nil
			}
			var b bytes.Buffer
			if err := printer.Fprint(&b, token.NewFileSet(), d); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, withoutComments(b.String()))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

// withoutComments leaves the comments of fields and values out.
func withoutComments(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(strings.TrimRight(line, "\n"), "//")
		if line = strings.TrimRight(line, " \t"); line != "" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}
