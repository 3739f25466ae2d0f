package ecosystem

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"
	"github.com/dop251/goja/token"
)

// readJSON reads a .json file. PM2 takes it for an expression of JavaScript, so
// comments, commas at the end and single quotes are welcome. It is read here, and
// not run: values only.
func readJSON(path, text string) (*source, error) {
	const before, after = "(", "\n)"
	program, places, err := parse(path, before, text, after)
	if err != nil {
		return nil, err
	}
	if len(program.Body) != 1 {
		return nil, &Error{Position: Position{File: path}, Err: errors.New("holds more than one value"), Hint: jsonHint}
	}
	statement, ok := program.Body[0].(*ast.ExpressionStatement)
	if !ok {
		return nil, &Error{Position: Position{File: path}, Err: errors.New("holds a statement, not a value"), Hint: jsonHint}
	}
	r := jsonReader{places: places}
	value, err := r.value(statement.Expression, 0)
	if err != nil {
		return nil, err
	}
	return &source{value, places}, nil
}

const jsonHint = "a .json file holds one object; what is computed goes to an ecosystem.config.js"

// parse parses JavaScript with text around it that is not in the file.
func parse(path, before, text, after string) (*ast.Program, *scriptPlaces, error) {
	if deep(text) {
		return nil, nil, &Error{Position: Position{File: path}, Err: fmt.Errorf("is nested more than %d deep", maxNesting), Hint: "is it the right file?"}
	}
	program, err := parser.ParseFile(nil, path, before+text+after, 0, parser.WithDisableSourceMaps)
	if err == nil {
		return program, &scriptPlaces{path: path, shift: len(before), program: program}, nil
	}
	p := Position{File: path}
	var list parser.ErrorList
	var one *parser.Error
	if errors.As(err, &list) && len(list) > 0 {
		one = list[0]
	}
	if one == nil && !errors.As(err, &one) {
		return nil, nil, &Error{Position: p, Err: err, Hint: syntaxHint}
	}
	p.Line, p.Column = one.Position.Line, one.Position.Column
	if p.Line == 1 {
		p.Column -= len(before)
	}
	said := lowerFirst(one.Message)
	if lines := strings.Count(text, "\n") + 1; p.Line > lines {
		// What is missing is missing at the end of the file, and what was found
		// instead is ours.
		said = "unexpected end of the file"
		p.Line, p.Column = lines, len(text)-strings.LastIndexByte(text, '\n')
	}
	return nil, nil, &Error{Position: p, Err: fmt.Errorf("%w: %s", errSyntax, said), Hint: syntaxHint}
}

var errSyntax = errors.New("syntax error")

const syntaxHint = "look for a missing comma, quote or bracket there or just before"

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// maxNesting bounds how deep the parser has to go.
const maxNesting = 500

func deep(text string) bool {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '[', '{', '(':
			if depth++; depth > maxNesting {
				return true
			}
		case ']', '}', ')':
			depth--
		}
	}
	return false
}

// jsonReader turns literals into values.
type jsonReader struct {
	budget
	places *scriptPlaces
}

func (r *jsonReader) value(e ast.Expression, depth int) (any, error) {
	if err := r.spend(depth, 0); err != nil {
		return nil, r.fail(e, err)
	}
	switch e := e.(type) {
	case *ast.NullLiteral:
		return nil, nil
	case *ast.BooleanLiteral:
		return e.Value, nil
	case *ast.StringLiteral:
		return e.Value.String(), nil
	case *ast.NumberLiteral:
		switch n := e.Value.(type) {
		case int64:
			return float64(n), nil
		case float64:
			return n, nil
		}
	case *ast.UnaryExpression:
		if v, err := r.value(e.Operand, depth+1); err == nil && e.Operator == token.MINUS {
			if n, ok := v.(float64); ok {
				return -n, nil
			}
		}
	case *ast.ArrayLiteral:
		return r.list(e, depth)
	case *ast.ObjectLiteral:
		return r.object(e, depth)
	}
	return nil, r.fail(e, errors.New("is no value"))
}

func (r *jsonReader) list(e *ast.ArrayLiteral, depth int) (any, error) {
	list := []any{}
	for _, element := range e.Value {
		if element == nil {
			return nil, r.fail(e, errors.New("a list has a gap"))
		}
		v, err := r.value(element, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

func (r *jsonReader) object(e *ast.ObjectLiteral, depth int) (any, error) {
	object := map[string]any{}
	for _, p := range e.Value {
		keyed, ok := p.(*ast.PropertyKeyed)
		name, named := keyName(p)
		if !ok || !named || keyed.Kind != ast.PropertyKindValue {
			return nil, r.fail(p, errors.New("is no value"))
		}
		v, err := r.value(keyed.Value, depth+1)
		if err != nil {
			return nil, err
		}
		object[name] = v
	}
	return object, nil
}

func (r *jsonReader) fail(e ast.Node, err error) error {
	return &Error{Position: r.places.position(e), Err: err, Hint: jsonHint}
}
