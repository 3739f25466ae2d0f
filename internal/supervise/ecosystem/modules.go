package ecosystem

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
)

// modules is CommonJS as far as configuration files use it: relative files of
// JavaScript and JSON, the modules path and os, and some globals. Everything else
// interrupts the script with errLacking, which it cannot catch: what it would
// make of a missing module is not what it makes of the module.
type modules struct {
	vm     *goja.Runtime
	loaded map[string]*goja.Object // by path
	dir    string                  // the working directory
	output io.Writer
	said   int // bytes
}

var errLoud = fmt.Errorf("it prints more than %d bytes", maxText)

func newModules(vm *goja.Runtime, opts Options) *modules {
	m := &modules{vm: vm, loaded: map[string]*goja.Object{}, dir: opts.Dir, output: opts.Output}
	global := vm.GlobalObject()
	_ = global.Set("global", global) // Set fails for what is frozen
	_ = global.Set("process", m.builtin("process", m.process()))
	_ = global.Set("console", m.console())
	return m
}

// run evaluates a module and returns what it exports.
func (m *modules) run(path string, program *ast.Program) (goja.Value, error) {
	compiled, err := goja.CompileAST(program, false)
	if err != nil {
		return nil, &Error{Position: Position{File: path}, Err: fmt.Errorf("%w: %s", errSyntax, oneLine(err.Error())), Hint: syntaxHint, lacking: true}
	}
	wrapped, err := m.vm.RunProgram(compiled)
	if err != nil {
		return nil, err
	}
	call, _ := goja.AssertFunction(wrapped)
	module, exports := m.vm.NewObject(), m.vm.NewObject()
	_ = module.Set("exports", exports)
	m.loaded[path] = module
	dir := filepath.Dir(path)
	_, err = call(exports, exports, m.require(dir), module, m.vm.ToValue(path), m.vm.ToValue(dir))
	return module.Get("exports"), err
}

// require is the function of that name for the modules in a folder.
func (m *modules) require(dir string) goja.Value {
	return m.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		name := call.Argument(0).String()
		switch strings.TrimPrefix(name, "node:") {
		case "path":
			return m.builtin("path", m.path())
		case "os":
			return m.builtin("os", m.os())
		}
		if !strings.HasPrefix(name, "./") && !strings.HasPrefix(name, "../") && name != "." && name != ".." && !filepath.IsAbs(name) {
			return m.lacking("it requires %q", name)
		}
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		return m.load(name)
	})
}

// load finds and runs a file as Node.js does: as named, with an ending, or the
// index of a folder.
func (m *modules) load(name string) goja.Value {
	for _, end := range []string{"", ".js", ".cjs", ".json", "/index.js", "/index.json"} {
		path := name + end
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
			continue
		}
		if module := m.loaded[path]; module != nil {
			return module.Get("exports")
		}
		return m.loadFile(path)
	}
	return m.lacking("it requires %q, which is not there", name)
}

func (m *modules) loadFile(path string) goja.Value {
	text, err := readText(path)
	if err != nil {
		return m.lacking("%w", err)
	}
	if filepath.Ext(path) == ".json" {
		src, err := readJSON(path, text)
		if err != nil {
			return m.lacking("%w", err)
		}
		module := m.vm.NewObject()
		_ = module.Set("exports", m.vm.ToValue(src.value))
		m.loaded[path] = module
		return module.Get("exports")
	}
	program, _, err := parseModule(path, text)
	if err != nil {
		return m.lacking("%w", err)
	}
	exports, err := m.run(path, program)
	if err != nil {
		panic(err)
	}
	return exports
}

// lacking ends the script.
func (m *modules) lacking(format string, args ...any) goja.Value {
	m.vm.Interrupt(fmt.Errorf("%w: "+format, append([]any{errLacking}, args...)...))
	return goja.Undefined()
}

func (m *modules) console() *goja.Object {
	console := m.vm.NewObject()
	write := func(call goja.FunctionCall) goja.Value {
		words := make([]string, len(call.Arguments))
		for i, v := range call.Arguments {
			words[i] = v.String()
		}
		line := strings.Join(words, " ") + "\n"
		if m.said += len(line); m.said > maxText {
			m.vm.Interrupt(errLoud)
		} else if m.output != nil {
			_, _ = io.WriteString(m.output, line) // a remark, no result
		}
		return goja.Undefined()
	}
	for _, name := range []string{"log", "info", "warn", "error", "debug"} {
		_ = console.Set(name, write)
	}
	return console
}

// builtin is an object of Node.js of which some members are here.
func (m *modules) builtin(name string, members map[string]any) *goja.Object {
	object := &partial{modules: m, name: name, members: map[string]goja.Value{}}
	for member, v := range members {
		object.members[member] = m.vm.ToValue(v)
	}
	self := m.vm.NewDynamicObject(object)
	if name == "path" {
		object.members["posix"] = self
	}
	return self
}

// partial implements [goja.DynamicObject]. What it does not have is lacking.
type partial struct {
	*modules
	name    string
	members map[string]goja.Value
}

func (p *partial) Get(name string) goja.Value {
	if v, ok := p.members[name]; ok {
		return v
	}
	return p.lacking("it uses %s.%s", p.name, name)
}

func (p *partial) Set(name string, v goja.Value) bool {
	p.members[name] = v
	return true
}

func (p *partial) Has(name string) bool {
	p.Get(name)
	return true
}

func (p *partial) Delete(name string) bool {
	delete(p.members, name)
	return true
}

// Keys is asked for a copy of all members.
func (p *partial) Keys() []string {
	p.lacking("it lists the members of %s", p.name)
	return nil
}
