package docs

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// results are the commands that print one object with --json, and its type.
var results = []struct{ command, dir, name string }{
	{"plumb leaks", "internal/leak", "Result"},
	{"plumb hunt", "internal/hunt", "Result"},
	{"plumb findings ID", "internal/diagnosis", "Finding"},
	{"plumb lint", "internal/lint", "Result"},
	{"plumb lint --explain RULE", "internal/cli/lintcmd", "explanation"},
	{"plumb load", "internal/load", "Report"},
	{"plumb run (a line for each event)", "internal/supervise", "Event"},
	{"plumb memory", "internal/cli/nodecmd", "memorySample"},
	{"plumb memory --watch (a line for each look)", "internal/cli/nodecmd", "memoryRow"},
	{"plumb gc", "internal/cli/nodecmd", "gcResult"},
	{"plumb snapshot (its list snapshots)", "internal/cli/nodecmd", "captured"},
	{"the record beside a snapshot", "internal/node", "Record"},
	{"plumb profile", "internal/cli/nodecmd", "profileResult"},
	{"plumb heap info", "internal/cli/heapcmd", "infoResult"},
	{"plumb heap stats", "internal/devtools", "Statistics"},
	{"plumb heap contexts", "internal/cli/heapcmd", "contextsResult"},
	{"plumb heap paths", "internal/cli/heapcmd", "pathsResult"},
	{"plumb heap whatif", "internal/leak", "Freed"},
	{"plumb heap retainers (its list rows)", "internal/cli/heapcmd", "retainerRow"},
	{"plumb heap strings (its list rows)", "internal/cli/heapcmd", "stringRow"},
	{"plumb heap allocations (its list rows)", "internal/cli/heapcmd", "allocationRow"},
	{"plumb heap allocations --id ID (its list frames)", "internal/cli/heapcmd", "frameRow"},
	{"plumb heap export", "internal/cli/heapcmd", "exported"},
	{"plumb lab (a program, line by line)", "internal/lab", "Trace"},
	{"plumb lab replay --step N --collect", "internal/lab/simulate", "Result"},
	{"plumb lab exhibit", "internal/lab/exhibit", "Exhibit"},
	{"plumb lab exhibit --run", "internal/lab/exhibit", "Measured"},
	{"plumb lab prevention (a list)", "internal/lab/exhibit", "Habit"},
	{"plumb lab stages", "internal/lab/stage", "Report"},
	{"plumb monitor (when it is ready)", "internal/monitor", "Summary"},
	{"plumb hub (when it is ready)", "internal/cli/hubcmd", "HubReady"},
	{"plumb hub token", "internal/cli/hubcmd", "madeToken"},
	{"plumb analyze (when it is ready)", "internal/cli/hubcmd", "analystReady"},
	{"plumb exporter (when it is ready)", "internal/cli/watchcmd", "exporterReady"},
	{"plumb fleet snapshot, collect, profile", "internal/fleet", "Outcome"},
	{"plumb startup", "internal/cli/runcmd", "unit"},
	{"plumb redact", "internal/cli/heapcmd", "redactedResult"},
	{"plumb version", "internal/cli/root", "versionInfo"},
}

// tables are the commands that print {"rows": [...]} and with --csv the same columns, and
// the file that has them.
var tables = []struct{ command, file string }{
	{"plumb ps", "internal/cli/nodecmd/ps.go"},
	{"plumb status", "internal/cli/runcmd/status.go"},
	{"plumb findings", "internal/cli/watchcmd/findings.go"},
	{"plumb fleet apps", "internal/cli/fleetcmd/apps.go"},
	{"plumb fleet findings", "internal/cli/fleetcmd/findings.go"},
	{"plumb fleet audit", "internal/cli/fleetcmd/audit.go"},
	{"plumb heap summary", "internal/cli/heapcmd/summary.go"},
	{"plumb heap compare", "internal/cli/heapcmd/compare.go"},
	{"plumb heap instances", "internal/cli/heapcmd/instances.go"},
	{"plumb heap containment, after edge and edgeType; dominators, dominated, search, nodes", "internal/cli/heapcmd/object.go"},
	{"plumb heap samples", "internal/cli/heapcmd/samples.go"},
	{"plumb heap filters", "internal/cli/heapcmd/filters.go"},
}

// writeJSON makes the page of what --json prints.
func writeJSON(t *testing.T, b *bytes.Buffer) {
	s := newSource(t)
	b.WriteString("# JSON\n\n" +
		"`--json` prints one object, or one a line where a command goes on. Sizes are bytes, times UTC. Fields that can be\n" +
		"left out are marked *; [versioning.md](../versioning.md) says what stays the same.\n\n" +
		"## Objects\n\n| command | type |\n|---|---|\n")
	f := &fields{source: s}
	for _, r := range results {
		row(b, inCode(r.command), f.refer(r.dir, r.name))
	}
	b.WriteString("\n`plumb leaks` has `summary`, the first sentence of its report, and `files`, the snapshots, as well.\n\n" +
		"## Tables\n\n`{\"rows\": [...]}`, and a `note` that says why when there are none. `--csv` has the same columns.\n\n" +
		"| command | keys of a row |\n|---|---|\n")
	for _, table := range tables {
		keys := columnKeys(s, table.file)
		if len(keys) == 0 {
			t.Errorf("%s has no columns", table.file)
		}
		row(b, inCode(table.command), strings.Join(keys, ", "))
	}
	b.WriteString("\n## Types\n")
	for i := 0; i < len(f.queue); i++ {
		f.write(b, f.queue[i])
	}
}

// inCode makes the command at the beginning of a cell one.
func inCode(command string) string {
	end := strings.IndexAny(command+"(", ",(")
	name := strings.TrimSpace(command[:end])
	if !strings.HasPrefix(name, "plumb") {
		return command
	}
	return "`" + name + "`" + command[len(name):]
}

// columnKeys are the keys of the first list of columns in a file.
func columnKeys(s *source, file string) []string {
	var keys []string
	ast.Inspect(s.in(path.Dir(file)).files[path.Base(file)], func(n ast.Node) bool {
		kv, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		if key, _ := kv.Key.(*ast.Ident); key != nil && key.Name == "Key" {
			if name, ok := text(kv.Value); ok && !slices.Contains(keys, "`"+name+"`") {
				keys = append(keys, "`"+name+"`")
			}
		}
		return true
	})
	return keys
}

// fields writes the tables of types, each once, those that others refer to after them.
type fields struct {
	*source
	queue []typeName
}

type typeName struct{ dir, name string }

func (n typeName) title() string { return path.Base(n.dir) + "." + n.name }

// refer is a link to the table of a type, which will be written.
func (f *fields) refer(dir, name string) string {
	n := typeName{dir, name}
	if f.in(dir).types[name] == nil {
		f.t.Errorf("%s has no type %s", dir, name)
		return n.title()
	}
	if !slices.Contains(f.queue, n) {
		f.queue = append(f.queue, n)
	}
	return fmt.Sprintf("[%s](#%s)", n.title(), anchors([]string{"# " + n.title()})[0])
}

var docLink = regexp.MustCompile(`\[([A-Z][\w.]*)\]`)

func (f *fields) write(b *bytes.Buffer, n typeName) {
	decl := f.in(n.dir).types[n.name]
	doc := docLink.ReplaceAllString(strings.Join(strings.Fields(decl.doc), " "), "$1")
	fmt.Fprintf(b, "\n### %s\n\n%s\n\n| field | | |\n|---|---|---|\n", n.title(), doc)
	f.members(b, n.dir, decl.file, decl.spec.Type.(*ast.StructType))
}

// members writes a row for each field that JSON has; embedded structs are put in place.
func (f *fields) members(b *bytes.Buffer, dir string, file *ast.File, s *ast.StructType) {
	for _, field := range s.Fields.List {
		var tag reflect.StructTag
		if field.Tag != nil {
			tag = reflect.StructTag(strings.Trim(field.Tag.Value, "`"))
		}
		name, options, _ := strings.Cut(tag.Get("json"), ",")
		if len(field.Names) == 0 && name == "" {
			if inner, in, d := f.embedded(dir, file, field.Type); inner != nil {
				f.members(b, d, in, inner)
			}
			continue
		}
		if name == "-" || len(field.Names) > 0 && !field.Names[0].IsExported() {
			continue
		}
		if name == "" {
			name = field.Names[0].Name
		}
		shown := "`" + name + "`"
		if strings.Contains(options, "omit") {
			shown += "*"
		}
		comment := strings.TrimSpace(field.Doc.Text() + " " + field.Comment.Text())
		row(b, shown, f.kind(dir, file, field.Type), cell("%s", docLink.ReplaceAllString(comment, "$1")))
	}
}

func (f *fields) embedded(dir string, file *ast.File, e ast.Expr) (*ast.StructType, *ast.File, string) {
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	d, name := f.named(dir, file, e)
	if decl := f.lookup(d, name); decl != nil {
		s, _ := decl.spec.Type.(*ast.StructType)
		return s, decl.file, d
	}
	return nil, nil, ""
}

// named is where a type is declared: "" for one that is not ours.
func (f *fields) named(dir string, file *ast.File, e ast.Expr) (string, string) {
	switch e := e.(type) {
	case *ast.Ident:
		return dir, e.Name
	case *ast.SelectorExpr:
		return imported(file, e.X.(*ast.Ident).Name), e.Sel.Name
	}
	return "", ""
}

func (f *fields) lookup(dir, name string) *sourceType {
	if dir == "" {
		return nil
	}
	return f.in(dir).types[name]
}

// kind says in JSON's words what a type becomes.
func (f *fields) kind(dir string, file *ast.File, e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return f.kind(dir, file, e.X)
	case *ast.ArrayType:
		return "list of " + f.kind(dir, file, e.Elt)
	case *ast.MapType:
		return "object of " + f.kind(dir, file, e.Value)
	case *ast.StructType:
		var names []string
		for _, field := range e.Fields.List {
			if field.Tag != nil {
				name, _, _ := strings.Cut(reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("json"), ",")
				names = append(names, "`"+name+"`")
			}
		}
		return "object: " + strings.Join(names, ", ")
	case *ast.InterfaceType:
		return "any"
	case *ast.SelectorExpr, *ast.Ident:
		d, name := f.named(dir, file, e)
		if decl := f.lookup(d, name); decl != nil {
			if name == "JSONRow" {
				return "object: a row, with the keys that `--csv` has"
			}
			if f.marshals(d, name) {
				return "text"
			}
			if values := f.constants(d, name); len(values) > 0 {
				return "text: " + strings.Join(values, ", ")
			}
			if _, ok := decl.spec.Type.(*ast.StructType); ok {
				return f.refer(d, name)
			}
			return f.kind(d, decl.file, decl.spec.Type)
		}
		switch {
		case name == "string" || name == "Time":
			return "text"
		case name == "bool":
			return "true or false"
		case name == "any" || name == "RawMessage":
			return "any"
		}
		return "number"
	}
	return "any"
}

// constants are the values of a type of text that has some.
func (f *fields) constants(dir, name string) []string {
	var values []string
	for _, file := range slices.Sorted(maps.Keys(f.in(dir).files)) {
		for _, d := range f.in(dir).files[file].Decls {
			d, ok := d.(*ast.GenDecl)
			if !ok || d.Tok != token.CONST {
				continue
			}
			for _, spec := range d.Specs {
				spec := spec.(*ast.ValueSpec)
				if id, ok := spec.Type.(*ast.Ident); !ok || id.Name != name || len(spec.Values) == 0 {
					continue
				}
				if value, ok := text(spec.Values[0]); ok && value != "" {
					values = append(values, "`"+value+"`")
				}
			}
		}
	}
	return values
}

// marshals says whether a type writes itself as text.
func (f *fields) marshals(dir, name string) bool {
	for _, file := range f.in(dir).files {
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if ok && fn.Recv != nil && fn.Name.Name == "MarshalText" {
				e := fn.Recv.List[0].Type
				if star, ok := e.(*ast.StarExpr); ok {
					e = star.X
				}
				if id, ok := e.(*ast.Ident); ok && id.Name == name {
					return true
				}
			}
		}
	}
	return false
}
