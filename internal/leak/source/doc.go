// Package source finds where a program declares a name: in the text that ran
// and, through its source map, in the text that a person wrote.
//
// The words: a witness is a place that is known to see the variable, as a
// function that uses it does. The declaration is looked for in the scopes
// around the witness, the innermost first, as the language itself does.
//
// The text is read as tokens with their nesting, not parsed: a file that is
// cut off, or in a dialect, still says much. Files are read through the function
// that the package is given and no other way; [ReadFile] is one for this machine.
package source
