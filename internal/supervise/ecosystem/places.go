package ecosystem

import (
	"reflect"
	"regexp"
	"strings"

	"github.com/dop251/goja/ast"
)

// scriptPlaces finds fields in the syntax tree of JavaScript. The objects there
// are those that the program writes down, not those that it makes: a field is
// found in the literal of its app, or where it occurs once in the file.
type scriptPlaces struct {
	path    string
	shift   int // bytes before the file's first line
	program *ast.Program

	objects []*ast.ObjectLiteral // all of them, when they were asked for
	lists   []ast.Expression     // the values of what is called apps, and of module.exports
}

func (s *scriptPlaces) position(n ast.Node) Position {
	offset := int(n.Idx0()) - s.program.File.Base()
	p := s.program.File.Position(offset)
	at := Position{s.path, p.Line, p.Column}
	if at.Line == 1 {
		at.Column -= s.shift
	}
	return at
}

func (s *scriptPlaces) field(app int, name string) Position {
	if object := s.app(app); object != nil {
		if p := member(object, name); p != nil {
			return s.position(p)
		}
	}
	return s.anywhere(name)
}

func (s *scriptPlaces) top(name string) Position { return s.anywhere(name) }

// anywhere is the only place in the file that has a member of this name.
func (s *scriptPlaces) anywhere(name string) Position {
	var found ast.Node
	for _, object := range s.all() {
		if p := member(object, name); p != nil {
			if found != nil {
				return Position{File: s.path}
			}
			found = p
		}
	}
	if found == nil {
		return Position{File: s.path}
	}
	return s.position(found)
}

// app is the literal of an app: an element of the list of apps, when the list is
// written down and no part before the element is computed.
func (s *scriptPlaces) app(index int) *ast.ObjectLiteral {
	s.all()
	for _, list := range s.lists {
		switch apps := list.(type) {
		case *ast.ObjectLiteral:
			return apps
		case *ast.ArrayLiteral:
			for i, element := range apps.Value {
				if _, many := element.(*ast.SpreadElement); many {
					break
				}
				if literal, ok := element.(*ast.ObjectLiteral); ok && i == index {
					return literal
				}
			}
		}
	}
	return nil
}

// all walks the tree, once.
func (s *scriptPlaces) all() []*ast.ObjectLiteral {
	if s.objects == nil {
		s.objects = []*ast.ObjectLiteral{}
		for _, statement := range s.program.Body {
			if e, ok := statement.(*ast.ExpressionStatement); ok { // JSON
				s.list("apps", e.Expression)
			}
			s.collect(reflect.ValueOf(statement))
		}
	}
	return s.objects
}

// list notes what may be the list of apps.
func (s *scriptPlaces) list(name string, e ast.Expression) {
	if name != "apps" && name != "pm2" {
		return
	}
	if object, ok := e.(*ast.ObjectLiteral); ok && (member(object, "apps") != nil || member(object, "pm2") != nil) {
		return // its member is
	}
	s.lists = append(s.lists, e)
}

// collect walks a tree whose package has no walk.
func (s *scriptPlaces) collect(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		s.collect(v.Elem())
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		s.note(v.Interface())
		if _, ok := v.Interface().(ast.Node); ok {
			s.collect(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Type().Field(i).Name != "DeclarationList" {
				s.collect(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			s.collect(v.Index(i))
		}
	}
}

func (s *scriptPlaces) note(n any) {
	switch n := n.(type) {
	case *ast.ObjectLiteral:
		s.objects = append(s.objects, n)
		for _, p := range n.Value {
			if keyed, ok := p.(*ast.PropertyKeyed); ok {
				name, _ := keyName(p)
				s.list(name, keyed.Value)
			}
		}
	case *ast.Binding:
		if id, ok := n.Target.(*ast.Identifier); ok {
			s.list(id.Name.String(), n.Initializer)
		}
	case *ast.AssignExpression:
		if dot, ok := n.Left.(*ast.DotExpression); ok && (dot.Identifier.Name == "exports" || dot.Identifier.Name == "apps") {
			s.list("apps", n.Right)
		}
	}
}

func member(object *ast.ObjectLiteral, name string) ast.Property {
	for _, p := range object.Value {
		if n, ok := keyName(p); ok && n == name {
			return p
		}
	}
	return nil
}

// keyName is the name of a member when it is written down.
func keyName(p ast.Property) (string, bool) {
	switch p := p.(type) {
	case *ast.PropertyShort:
		return p.Name.Name.String(), true
	case *ast.PropertyKeyed:
		switch key := p.Key.(type) {
		case *ast.StringLiteral:
			return key.Value.String(), true
		case *ast.Identifier:
			return key.Name.String(), !p.Computed
		case *ast.NumberLiteral:
			return key.Literal, true
		}
	}
	return "", false
}

// textPlaces finds fields in a text that is not parsed: where a name stands
// before a colon, once.
type textPlaces struct{ path, text string }

func (t textPlaces) field(_ int, name string) Position { return t.top(name) }

func (t textPlaces) top(name string) Position {
	p := Position{File: t.path}
	key := regexp.MustCompile(`(?m)(?:^|[\s{,])(["']?)(` + regexp.QuoteMeta(name) + `)["']?\s*:`)
	found := key.FindAllStringSubmatchIndex(t.text, 2)
	if len(found) != 1 {
		return p
	}
	start := found[0][2]
	p.Line = strings.Count(t.text[:start], "\n") + 1
	p.Column = start - strings.LastIndexByte(t.text[:start], '\n')
	return p
}
