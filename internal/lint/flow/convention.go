package flow

import (
	"regexp"
	"strings"

	"github.com/grafana/sobek/ast"

	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// Handlers that a framework finds by where they are: what a file exports by a name
// (Next.js, SvelteKit, AWS Lambda, Workers) or keeps below one (GraphQL), and methods
// with a decorator (Nest).

var (
	verbs  = words("GET POST PUT PATCH DELETE HEAD OPTIONS")
	events = words("event evt request req")
)

// exportedHandlers are the functions of a file that its platform calls by name.
func (fl *Flow) exportedHandlers() []*scope.Scope {
	var found []*scope.Scope
	add := func(n ast.Node, in *scope.Scope, takes map[string]bool) {
		for _, s := range fl.Targets(n, in) {
			if names := parameters(s.At.Node); takes == nil || len(names) > 0 && takes[names[0]] {
				found = append(found, s)
			}
		}
	}
	for v := range fl.Top.Variables() {
		n := v.Definition
		if n == nil {
			n = v.Init
		}
		switch {
		case !v.Exported || n == nil:
		case verbs[v.Name]:
			add(n, v.Scope, nil)
		case v.Name == "handler":
			add(n, v.Scope, events)
		}
	}
	for _, w := range fl.writes["handler"] { // exports.handler = async (event) => {}
		assign := w.At.Node.(*ast.AssignExpression)
		if object, _, _ := syntax.Member(assign.Left); w.Scope.Kind == scope.Top && strings.HasSuffix(lastName(object), "exports") {
			add(assign.Right, w.Scope, events)
		}
	}
	for _, s := range fl.File.Body { // export default { fetch(request) {} }
		if e, ok := s.(*ast.ExportDeclaration); ok && e.IsDefault && e.AssignExpression != nil {
			for _, fetch := range property(e.AssignExpression, "fetch") {
				add(fetch, fl.Top, nil)
			}
		}
	}
	return found
}

var operations = words("Query Mutation Subscription")

// resolver says whether a function resolves a field of GraphQL: it stands in an object
// by the name of an operation, { Query: { user(parent, args) {} } }.
func resolver(fn *syntax.Cursor) bool {
	field := fn.Parent()
	if field == nil || field.Parent() == nil || field.Parent().Parent() == nil {
		return false
	}
	_, isField := field.Node.(*ast.PropertyKeyed)
	operation, isOperation := field.Parent().Parent().Node.(*ast.PropertyKeyed)
	return isField && isOperation && operations[syntax.Key(operation.Key, operation.Computed)]
}

// The decorators of Nest, of its packages and of those made like it: of classes of which
// the container makes one instance, and of methods that are called per request.
var (
	singletons = words("Injectable Controller Resolver WebSocketGateway Processor Catch Service JsonController")
	perRequest = words(`Get Post Put Patch Delete All Options Head Search Sse MessagePattern EventPattern GrpcMethod GrpcStreamMethod
		SubscribeMessage Query Mutation Subscription ResolveField FieldResolver Process OnEvent`)
)

// decorated calls visit for each decorator of a class and, with its name, of a method.
// This is how esbuild writes them: __decorateClass([Get()], Users.prototype, "find", 1).
func (fl *Flow) decorated(visit func(decorator string, arguments []ast.Expression, class *ast.ClassLiteral, method string)) {
	for _, c := range fl.Calls {
		callee, arguments, _ := syntax.Call(c.At.Node)
		if id, ok := callee.(*ast.Identifier); !ok || id.Name != "__decorateClass" || len(arguments) < 2 {
			continue
		}
		list, ok := arguments[0].(*ast.ArrayLiteral)
		if !ok {
			continue
		}
		of, method := arguments[1], ""
		if object, name, ok := syntax.Member(of); ok && name == "prototype" && len(arguments) > 2 {
			of = object
			method, _ = syntax.Text(arguments[2])
		}
		v := fl.Variable(of)
		if v == nil {
			continue
		}
		class, ok := v.Definition.(*ast.ClassLiteral)
		if !ok {
			continue
		}
		for _, d := range list.Value {
			called, given, ok := syntax.Call(d)
			if !ok {
				called = d
			}
			visit(lastName(called), given, class, method)
		}
	}
}

func (fl *Flow) decoratedHandlers() []*scope.Scope {
	var found []*scope.Scope
	fl.decorated(func(decorator string, given []ast.Expression, class *ast.ClassLiteral, method string) {
		switch {
		case method == "" && singletons[decorator]:
			// { scope: Scope.REQUEST }: one for each who asks.
			fl.kept[class] = len(given) == 0 || property(given[len(given)-1], "scope") == nil
		case method != "" && perRequest[decorator]:
			found = append(found, fl.method(class, method, false)...)
		}
	})
	return found
}

// injection is a parameter of a constructor that is a property as well:
// constructor(private readonly users: UserService).
var injection = regexp.MustCompile(`\b(?:private|public|protected|readonly)\s+(?:readonly\s+)?([\w$]+)\s*:\s*([A-Z][\w$]*)\s*[,)]`)

// injected is the class of what a parameter of a constructor is given, by its type;
// nil when that is none of this file's names.
func (fl *Flow) injected(v *scope.Variable) *scope.Variable {
	if !fl.File.Lowered() {
		return nil
	}
	if fl.types == nil {
		fl.types = map[string]string{}
		for _, m := range injection.FindAllStringSubmatch(fl.File.Text, -1) {
			if other, ok := fl.types[m[1]]; ok && other != m[2] {
				m[2] = "" // of two classes, with one name
			}
			fl.types[m[1]] = m[2]
		}
	}
	return fl.Top.Lookup(fl.types[v.Name])
}
