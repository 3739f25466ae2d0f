package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// source reads Go packages for what the reference is made of: types, their fields and
// comments, calls with literals. It sees syntax only.
type source struct {
	t        *testing.T
	packages map[string]*sourcePackage
}

type sourcePackage struct {
	files map[string]*ast.File // by base name
	types map[string]*sourceType
}

type sourceType struct {
	spec *ast.TypeSpec
	doc  string
	file *ast.File
}

func newSource(t *testing.T) *source { return &source{t, map[string]*sourcePackage{}} }

// in reads the package in a folder, "internal/leak", without its tests.
func (s *source) in(dir string) *sourcePackage {
	s.t.Helper()
	if p := s.packages[dir]; p != nil {
		return p
	}
	names, err := filepath.Glob(filepath.Join(top, filepath.FromSlash(dir), "*.go"))
	if err != nil || len(names) == 0 {
		s.t.Fatalf("no package in %s: %v", dir, err)
	}
	p := &sourcePackage{map[string]*ast.File{}, map[string]*sourceType{}}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			s.t.Fatal(err)
		}
		p.files[filepath.Base(name)] = file
		for _, d := range file.Decls {
			if d, ok := d.(*ast.GenDecl); ok && d.Tok == token.TYPE {
				for _, spec := range d.Specs {
					spec := spec.(*ast.TypeSpec)
					doc := spec.Doc
					if doc == nil {
						doc = d.Doc
					}
					p.types[spec.Name.Name] = &sourceType{spec, doc.Text(), file}
				}
			}
		}
	}
	s.packages[dir] = p
	return p
}

// imported is the folder of a package that a file imports under a name; "" for one that
// is not ours.
func imported(file *ast.File, name string) string {
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		dir, ours := strings.CutPrefix(path, "github.com/plumb-dev/plumb/")
		if ours && (spec.Name == nil && strings.HasSuffix(path, "/"+name) || spec.Name != nil && spec.Name.Name == name) {
			return dir
		}
	}
	return ""
}

// text is the value of a literal of text, put together with + too.
func text(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, err := strconv.Unquote(e.Value)
			return s, err == nil
		}
	case *ast.BinaryExpr:
		a, ok := text(e.X)
		b, also := text(e.Y)
		return a + b, ok && also && e.Op == token.ADD
	}
	return "", false
}
