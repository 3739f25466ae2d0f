package rule

import (
	"fmt"

	"github.com/grafana/sobek/ast"

	"github.com/plumb-dev/plumb/internal/lint/flow"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// sliceKeepsParent finds small parts that are kept and keep the whole: part of
// a string or Buffer is a view of it, a small Buffer one of the pool.
func sliceKeepsParent(c *check) {
	for _, box := range c.long() {
		for _, u := range box.Uses {
			if u.Effect != flow.Grows || !c.repeated(box, u) {
				continue
			}
			value := u.Value
			if box.Shape == flow.Set || value == nil {
				value = u.Key
			}
			part, whole := c.part(value)
			if part == nil {
				continue
			}
			at, ok := c.File.At(u.Node.Idx0())
			declared, known := c.File.At(box.At)
			if ok && known {
				c.report(Finding{
					At: at, Name: box.Name, Variable: box.Last(), Declared: declared,
					Message: fmt.Sprintf("what %s keeps is a view: it keeps all of %s alive", box.Name, whole),
				})
			}
		}
	}
}

// part finds in a value what is a view of something larger, and what that is.
func (c *check) part(n ast.Expression) (view ast.Node, whole string) {
	if literal, ok := n.(*ast.ObjectLiteral); ok {
		for _, p := range literal.Value {
			if keyed, ok := p.(*ast.PropertyKeyed); ok {
				if view, whole = c.part(keyed.Value); view != nil {
					return view, whole
				}
			}
		}
		return nil, ""
	}
	if v := c.Variable(n); v != nil {
		if v.Init == nil || v.Written() {
			return nil, ""
		}
		n = v.Init
	}
	object, name, arguments, ok := syntax.Method(n)
	if !ok {
		return nil, ""
	}
	switch name {
	case "subarray":
		return n, written(object)
	case "slice", "substring", "substr":
		if !short(arguments) && c.large(object) {
			return n, written(object)
		}
	case "from", "allocUnsafe":
		if id, ok := object.(*ast.Identifier); ok && id.Name == "Buffer" && (name == "allocUnsafe" || len(arguments) > 0 && isString(arguments[0])) {
			return n, "the pool that small Buffers are cut from"
		}
	}
	return nil, ""
}

// short says whether a slice is so small that V8 copies it: below 13 letters.
func short(arguments []ast.Expression) bool {
	const sliced = 13
	number := func(i int) (int64, bool) {
		if i >= len(arguments) {
			return 0, false
		}
		n, ok := arguments[i].(*ast.NumberLiteral)
		if !ok {
			return 0, false
		}
		v, ok := n.Value.(int64)
		return v, ok
	}
	from, ok := number(0)
	to, also := number(1)
	return ok && also && to-from < sliced
}

// large says whether a text or Buffer can be big: a call has just made it.
func (c *check) large(n ast.Expression) bool {
	v := c.Variable(n)
	if v == nil || v.Init == nil {
		return false
	}
	init := v.Init
	if wait, ok := init.(*ast.AwaitExpression); ok {
		init = wait.Argument
	}
	call, ok := init.(*ast.CallExpression)
	return ok && !calls(call, "String") && !calls(call, "join")
}

func isString(n ast.Expression) bool {
	switch n.(type) {
	case *ast.TemplateLiteral, *ast.StringLiteral:
		return true
	}
	return false
}
