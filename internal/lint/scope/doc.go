// Package scope tells which variable each name in a file means.
//
// The words are those of the language (ECMA-262) and of eslint-scope, against
// which a test holds the package: a [Scope] is a range of the text with
// variables of its own; a [Variable] is declared in one scope; a [Reference] is
// a name that is read or written. A reference is resolved to the variable of
// the innermost scope around it that declares the name, be it later in the
// text: reading let, const and class before their line throws, and means no
// outer variable. What nothing declares is a global.
//
// A with statement and a direct eval in sloppy code can declare names that no
// one sees: a reference that passes them is dynamic ([Reference.Dynamic]).
//
// The package follows no values and gives no advice.
package scope
