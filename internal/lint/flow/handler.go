package flow

import (
	"regexp"
	"slices"
	"strings"

	"github.com/grafana/sobek/ast"

	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// handlers are the functions that a server calls once per request, message or
// connection.
func (fl *Flow) handlers() []Heat {
	var found []Heat
	for _, s := range fl.Functions {
		if takesRequest(s.At.Node) || resolver(s.At) {
			found = append(found, Heat{Handler: s})
		}
	}
	for _, s := range slices.Concat(fl.exportedHandlers(), fl.decoratedHandlers()) {
		found = append(found, Heat{Handler: s})
	}
	for _, c := range fl.Calls {
		callee, arguments, _ := syntax.Call(c.At.Node)
		handed, message := handed(callee, arguments)
		for _, arg := range handed {
			for _, s := range slices.Concat(fl.Targets(arg, c.Scope), fl.hooks(callee, arg)) {
				if !callback(s.At.Node) {
					found = append(found, Heat{Handler: s, Message: message})
				}
			}
		}
	}
	return found
}

// The names that people give to a request and to what answers it.
var (
	requests  = words("req request _req _request ctx")
	responses = words("res response reply rep _res _response _reply h")
	contexts  = words("ctx c")
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
	return len(names) >= 2 && (requests[names[0]] && responses[names[1]] || contexts[names[0]] && names[1] == "next")
}

// callback says whether a function is told, once, how something went: (err, server).
func callback(fn ast.Node) bool {
	names := parameters(fn)
	return len(names) > 0 && len(names) < 3 && (names[0] == "err" || names[0] == "error")
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
	routes  = words("get post put patch delete del all options head")
	emitted = words("request connection message stream session upgrade checkContinue secureConnection job")
	hooks   = words("onRequest preParsing preValidation preHandler preSerialization onSend onResponse onError onTimeout onPreAuth onPreHandler onPostHandler onPreResponse")
)

// routers are what routes are added to; others have get("/path", f) as well,
// that send a request: $, axios, an API's client.
var routers = regexp.MustCompile(`(?i)(app|router|routes?|server|fastify|express|instance|koa|hono|web|api)$`)

// queues are what jobs and messages come from: not a batch, though it ends in ch.
var queues = regexp.MustCompile(`(?i)(queue|channel|^ch|consumer|worker|subscription)$`)

// handed are the arguments of a call that are handlers. A message is what can
// have many meanings.
func handed(callee ast.Expression, arguments []ast.Expression) (handlers []ast.Expression, message bool) {
	if len(arguments) == 0 {
		return nil, false
	}
	last := arguments[len(arguments)-1:]
	if id, ok := callee.(*ast.Identifier); ok {
		switch id.Name {
		case "createServer", "createHook":
			return arguments, false
		case "Worker": // of BullMQ: (name, job => {}); of Node.js it gets no function
			return last, false
		}
		return nil, false
	}
	object, name, ok := syntax.Member(callee)
	if !ok {
		return nil, false
	}
	first, isText := syntax.Text(arguments[0])
	owner := lastName(object)
	switch rest := arguments[1:]; {
	case name == "createServer", name == "createHook":
		return arguments, false
	case name == "serve" && (owner == "Bun" || owner == "Deno"):
		return slices.Concat(last, property(arguments[0], "fetch")), false
	case name == "use" && routers.MatchString(owner) && oneContext(arguments[0]): // Koa
		return last, false
	case name == "run" && queues.MatchString(owner): // Kafka
		return slices.Concat(property(arguments[0], "eachMessage"), property(arguments[0], "eachBatch")), false
	case (name == "process" || name == "consume") && queues.MatchString(owner): // Bull, AMQP
		return arguments, false
	case !isText || len(rest) == 0:
		return nil, false
	case routes[name] && strings.HasPrefix(first, "/") && routers.MatchString(owner),
		(name == "addHook" || name == "ext") && hooks[first]:
		return rest, false
	case (name == "on" || name == "addListener") && emitted[first]:
		return rest, first == "message"
	}
	return nil, false
}

// oneContext says whether a function has one parameter, by the name of a context.
func oneContext(fn ast.Node) bool {
	names := parameters(fn)
	return len(names) == 1 && names[0] == "ctx"
}

// property is the value of a property that an object literal has.
func property(n ast.Node, name string) []ast.Expression {
	literal, ok := syntax.Bare(n).(*ast.ObjectLiteral)
	if !ok {
		return nil
	}
	for _, p := range literal.Value {
		if keyed, ok := p.(*ast.PropertyKeyed); ok && syntax.Key(keyed.Key, keyed.Computed) == name {
			return []ast.Expression{keyed.Value}
		}
	}
	return nil
}

// lastName is the name of a variable or property.
func lastName(n ast.Node) string {
	if id, ok := syntax.Bare(n).(*ast.Identifier); ok {
		return id.Name.String()
	}
	if _, name, ok := syntax.Member(n); ok {
		return name
	}
	if callee, _, ok := syntax.Call(n); ok { // app.route("/").get(f), express().get("/", f)
		if object, _, ok := syntax.Member(callee); ok {
			return lastName(object)
		}
		return lastName(callee)
	}
	return ""
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
