package ecosystem

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
)

// Bounds of what the JavaScript of a file may take. A file that asks the network
// or runs other programs needs some seconds.
const (
	timeLimit   = 10 * time.Second
	memoryLimit = 256 << 20 // bytes that plumb's heap may grow by
	look        = 10 * time.Millisecond
)

// runScript runs a file of JavaScript and returns what it exports.
func runScript(ctx context.Context, path, text string, opts Options) (*source, error) {
	value, places, err := runHere(ctx, path, text, opts)
	if err == nil {
		return &source{value, places}, nil
	}
	var lacking *Error
	if !errors.As(err, &lacking) || !lacking.lacking {
		return nil, err
	}
	value, failure := runNode(ctx, path, opts)
	switch {
	case failure == nil:
		if places == nil {
			return &source{value, textPlaces{path, text}}, nil
		}
		return &source{value, places}, nil
	case errors.Is(failure, errNoNode):
		return nil, &Error{
			Position: lacking.Position, Err: fmt.Errorf("%w, and node is not on the PATH", lacking.Err),
			Hint: "install Node.js, or write the file as JSON or YAML",
		}
	case errors.Is(lacking.Err, errSyntax) && errors.Is(failure, errSyntax) && !isESM.MatchString(text):
		return nil, lacking // the same in all versions of node
	default:
		return nil, failure
	}
}

// isESM finds what only an ECMAScript module has.
var isESM = regexp.MustCompile(`(?m)^\s*(import|export)\b|\bimport\.meta\b|^\S*\bawait\b`)

// runHere runs a CommonJS module inside plumb. The places are nil when the text
// could not be parsed.
func runHere(ctx context.Context, path, text string, opts Options) (_ any, _ places, err error) {
	program, where, err := parseModule(path, text)
	if err != nil {
		return nil, nil, err
	}
	var at places = where
	vm := goja.New()
	stop := watch(ctx, vm, opts.limit)
	defer stop()
	defer func() {
		if thrown := recover(); thrown != nil {
			e, ok := thrown.(error)
			if !ok {
				panic(thrown)
			}
			err = wrongScript(path, e)
		}
	}()
	exports, err := newModules(vm, opts).run(path, program)
	if err != nil {
		return nil, at, wrongScript(path, err)
	}
	var b budget
	value, err := b.export(vm, exports, 0)
	if err != nil {
		return nil, at, wrongScript(path, err)
	}
	return value, at, nil
}

// parseModule parses a CommonJS module: the body of a function.
func parseModule(path, text string) (*ast.Program, *scriptPlaces, error) {
	if strings.HasPrefix(text, "#!") {
		text = "//" + text[2:]
	}
	program, where, err := parse(path, "(function (exports, require, module, __filename, __dirname) {", text, "\n})")
	var wrong *Error
	if errors.As(err, &wrong) {
		wrong.lacking = true // newer syntax, or an ECMAScript module
	}
	return program, where, err
}

var (
	errLacking = errors.New("needs node")
	errTime    = errors.New("its JavaScript does not end")
	errMemory  = errors.New("its JavaScript takes too much memory")
)

// watch interrupts JavaScript that runs too long or makes too much.
func watch(ctx context.Context, vm *goja.Runtime, limit time.Duration) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	start := heapBytes()
	go func() {
		defer close(ended)
		tick := time.NewTicker(look)
		defer tick.Stop()
		late := time.NewTimer(limit)
		defer late.Stop()
		for {
			select {
			case <-done:
				return
			case <-ctx.Done():
				vm.Interrupt(ctx.Err())
				return
			case <-late.C:
				vm.Interrupt(fmt.Errorf("%w: it was stopped after %s", errTime, limit))
				return
			case <-tick.C:
				if heapBytes() > start+memoryLimit {
					vm.Interrupt(errMemory)
					return
				}
			}
		}
	}()
	return func() {
		close(done)
		<-ended
	}
}

func heapBytes() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// wrongScript words what a script ended with, and decides whether it is plumb's
// lack: a name or a type that is not there may be there in node.
func wrongScript(path string, err error) error {
	wrong := Error{Position: Position{File: path}, Err: err, Hint: "run the file with node to see more"}
	var interrupted *goja.InterruptedError
	var thrown *goja.Exception
	var own *Error
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &interrupted):
		wrong.Position = deepest(path, interrupted.Stack())
		if cause, ok := interrupted.Value().(error); ok {
			wrong.Err = cause
		}
		wrong.lacking = errors.Is(wrong.Err, errLacking)
		wrong.Hint = "look for a loop that does not end"
		return &wrong
	case errors.As(err, &thrown):
		wrong.Position = deepest(path, thrown.Stack())
		wrong.Err = errors.New(oneLine(thrown.Value().String()))
		wrong.Hint = "the file itself ended with this"
		if object, ok := thrown.Value().(*goja.Object); ok {
			switch object.Get("name").String() {
			case "ReferenceError", "TypeError", "SyntaxError":
				wrong.lacking = true
			}
		}
		return &wrong
	default:
		return &wrong
	}
}

// deepest is the last place of a stack that is in a file of the user's.
func deepest(path string, stack []goja.StackFrame) Position {
	for _, frame := range stack {
		p := frame.Position()
		if strings.HasPrefix(p.Filename, "/") || strings.Contains(p.Filename, `\`) {
			return Position{p.Filename, p.Line, p.Column}
		}
	}
	return Position{File: path}
}

func oneLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	if len(s) > 500 {
		s = s[:500] + "…"
	}
	return s
}

// export turns a value of JavaScript into what [source] holds. Like JSON it
// leaves out what is undefined.
func (b *budget) export(vm *goja.Runtime, v goja.Value, depth int) (any, error) {
	object, ok := v.(*goja.Object)
	if !ok {
		plain := exportPlain(v)
		text, _ := plain.(string)
		return plain, b.spend(depth, len(text))
	}
	if err := b.spend(depth, 0); err != nil {
		return nil, err
	}
	if _, callable := goja.AssertFunction(object); callable {
		return function{}, nil
	}
	switch object.ClassName() {
	case "Array":
		return b.exportList(vm, object, depth)
	case "Date", "RegExp", "String":
		return object.String(), nil
	}
	members := map[string]any{}
	for _, name := range object.Keys() {
		value := object.Get(name)
		if value == nil || goja.IsUndefined(value) {
			continue
		}
		var err error
		if members[name], err = b.export(vm, value, depth+1); err != nil {
			return nil, err
		}
	}
	return members, nil
}

func (b *budget) exportList(vm *goja.Runtime, list *goja.Object, depth int) (any, error) {
	n := list.Get("length").ToInteger()
	if n > maxValues {
		return nil, b.spend(0, maxText+1)
	}
	values := make([]any, n)
	for i := range values {
		value := list.Get(strconv.Itoa(i))
		if value == nil {
			continue
		}
		var err error
		if values[i], err = b.export(vm, value, depth+1); err != nil {
			return nil, err
		}
	}
	return values, nil
}

func exportPlain(v goja.Value) any {
	if v == nil || goja.IsUndefined(v) || goja.IsNull(v) {
		return nil
	}
	switch x := v.Export().(type) {
	case bool:
		return x
	case int64, float64:
		return v.ToFloat()
	default:
		return v.String() // also of a BigInt and a symbol
	}
}
