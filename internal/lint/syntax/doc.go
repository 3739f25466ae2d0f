// Package syntax reads JavaScript and what compiles to it into a tree whose
// nodes know their place in the text that a person wrote.
//
// JavaScript is parsed as it stands (github.com/grafana/sobek). A CommonJS file
// is parsed inside the function that Node.js puts around it, so that its
// variables are not the program's and return is allowed. What has types or JSX,
// or a syntax that the parser does not know, goes through esbuild first; the
// source map leads back, and a node that esbuild added has no place ([File.At]).
//
// The tree is read, never changed. The package resolves no names (package scope
// does) and reads no files. A text that would need too much of the stack, the
// time or the memory is refused with an [Error].
package syntax
