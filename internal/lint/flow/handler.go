package flow

import (
	"strings"

	"github.com/grafana/sobek/ast"

	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// handlers are the functions that a server calls once per request, message or
// connection.
func (fl *Flow) handlers() []*scope.Scope {
	var found []*scope.Scope
	for _, s := range fl.Functions {
		if takesRequest(s.At.Node) {
			found = append(found, s)
		}
	}
	for _, c := range fl.Calls {
		callee, arguments, _ := syntax.Call(c.At.Node)
		for _, arg := range handed(callee, arguments) {
			found = append(found, fl.Targets(arg, c.Scope)...)
			found = append(found, fl.hooks(callee, arg)...)
		}
	}
	return found
}

// The names that people give to a request and to what answers it.
var (
	requests  = words("req request _req _request ctx")
	responses = words("res response reply rep _res _response _reply h")
)

func words(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

// takesRequest says whether a function has the parameters of a handler:
// (req, res), (request, reply), (ctx, next).
func takesRequest(fn ast.Node) bool {
	names := parameters(fn)
	if len(names) < 2 {
		return false
	}
	if names[0] == "err" || names[0] == "error" {
		names = names[1:] // of middleware for errors
	}
	return len(names) >= 2 && (requests[names[0]] && responses[names[1]] || names[0] == "ctx" && names[1] == "next")
}

// parameters are the names of a function's parameters, "" for a pattern.
func parameters(fn ast.Node) []string {
	var list *ast.ParameterList
	switch fn := fn.(type) {
	case *ast.FunctionLiteral:
		list = fn.ParameterList
	case *ast.ArrowFunctionLiteral:
		list = fn.ParameterList
	}
	if list == nil {
		return nil
	}
	names := make([]string, len(list.List))
	for i, p := range list.List {
		if id, ok := p.Target.(*ast.Identifier); ok {
			names[i] = id.Name.String()
		}
	}
	return names
}

var (
	routes = words("get post put patch delete del all options head")
	events = words("request connection message stream session upgrade checkContinue secureConnection job")
	hooks  = words("onRequest preParsing preValidation preHandler preSerialization onSend onResponse onError onTimeout onPreAuth onPreHandler onPostHandler onPreResponse")
)

// handed are the arguments of a call that are handlers.
func handed(callee ast.Expression, arguments []ast.Expression) []ast.Expression {
	if len(arguments) == 0 {
		return nil
	}
	if id, ok := callee.(*ast.Identifier); ok && (id.Name == "createServer" || id.Name == "createHook") {
		return arguments
	}
	_, name, ok := syntax.Member(callee)
	if !ok {
		return nil
	}
	first, isText := syntax.Text(arguments[0])
	switch rest := arguments[1:]; {
	case name == "createServer", name == "createHook":
		return arguments
	case !isText || len(rest) == 0:
		return nil
	case routes[name] && strings.HasPrefix(first, "/"),
		(name == "on" || name == "addListener") && events[first],
		(name == "addHook" || name == "ext") && hooks[first]:
		return rest
	}
	return nil
}

// hooks are the functions of createHook({ init() {} }).
func (fl *Flow) hooks(callee, arg ast.Expression) []*scope.Scope {
	_, name, ok := syntax.Member(callee)
	if id, isName := callee.(*ast.Identifier); isName {
		name, ok = id.Name.String(), true
	}
	literal, isLiteral := arg.(*ast.ObjectLiteral)
	if !ok || name != "createHook" || !isLiteral {
		return nil
	}
	var found []*scope.Scope
	for _, p := range literal.Value {
		if keyed, ok := p.(*ast.PropertyKeyed); ok {
			if s := fl.FunctionOf(keyed.Value); s != nil {
				found = append(found, s)
			}
		}
	}
	return found
}
