package scope

import (
	"iter"
	"maps"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/file"

	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// Kind is what makes a scope.
type Kind uint8

// The kinds of scopes.
const (
	Top      Kind = iota // the file: a module, or the function around CommonJS
	Function             // with its parameters
	Name                 // of a function expression, around the function
	Class
	Field // the initialiser of a field, or a static block: a function of its own
	Block
	Catch
	With
)

// Scope is a range of the text with variables of its own.
type Scope struct {
	Kind   Kind
	Up     *Scope         // nil at the top
	At     *syntax.Cursor // what makes it; nil at the top
	Strict bool

	dynamic   bool // names may be declared that no one sees
	variables map[string]*Variable
}

// Variables are those declared in s, in no order.
func (s *Scope) Variables() iter.Seq[*Variable] { return maps.Values(s.variables) }

// Function is the function that a scope is in: itself or one around, or the
// file.
func (s *Scope) Function() *Scope {
	for s.Kind != Top && s.Kind != Function && s.Kind != Field {
		s = s.Up
	}
	return s
}

// Within says whether s is outer or inside it.
func (s *Scope) Within(outer *Scope) bool {
	for ; s != nil; s = s.Up {
		if s == outer {
			return true
		}
	}
	return false
}

// Lookup finds what a name means in s; nil is a global.
func (s *Scope) Lookup(name string) *Variable {
	v, _ := s.lookup(name)
	return v
}

func (s *Scope) lookup(name string) (v *Variable, dynamic bool) {
	for ; s != nil; s = s.Up {
		dynamic = dynamic || s.dynamic
		if v, ok := s.variables[name]; ok {
			return v, dynamic
		}
	}
	return nil, dynamic
}

// Declaration is how a variable comes into being.
type Declaration uint8

// The declarations.
const (
	Var Declaration = iota
	Let
	Const
	FunctionName
	ClassName
	Parameter
	Import
	CatchParameter
	Implicit // arguments
)

// Variable is what a name means in a scope.
type Variable struct {
	Name       string
	Kind       Declaration
	Scope      *Scope
	At         file.Idx       // of the first declaration
	Init       ast.Expression // the first value that the declaration gives, may be nil
	Definition ast.Node       // of a function or class: it
	References []*Reference
	Inits      []*Reference // of them: those of the declaration, const { a } = b
	Exported   bool
	read       bool
	written    bool

	// Of an import: the module, and the name there ("default", "*" for all).
	Module, Imported string
}

// Read says whether anything reads v.
func (v *Variable) Read() bool { return v.read }

// Written says whether anything but its declaration gives v a value.
func (v *Variable) Written() bool { return v.written }

// Reference is a name that is read or written.
type Reference struct {
	Name        string
	Idx         file.Idx
	At          *syntax.Cursor // the name
	Scope       *Scope
	Variable    *Variable // nil for a global
	Read, Write bool
	Init        bool // written by the declaration itself
	Typeof      bool // read by typeof, which is allowed for what is not declared
	Dynamic     bool
	Value       ast.Expression // what a plain assignment gives
}

// Site is a node of interest and where it stands.
type Site struct {
	At    *syntax.Cursor
	Scope *Scope
}

// Analysis is what a file declares and uses.
type Analysis struct {
	Top        *Scope
	References []*Reference
	Functions  []*Scope // in the order of the text
	Classes    []Site
	Calls      []Site // calls and new
	Writes     []Site // assignments to properties
	Members    []Site // a.b, a[b] and a.#b, read or written

	byNode  map[ast.Node]*Reference
	byOwner map[ast.Node]*Scope // functions
}

// Reference is the reference that an identifier is; nil when it is none.
func (a *Analysis) Reference(n ast.Node) *Reference { return a.byNode[n] }

// FunctionOf is the scope that a function makes; nil for other nodes.
func (a *Analysis) FunctionOf(n ast.Node) *Scope { return a.byOwner[n] }
