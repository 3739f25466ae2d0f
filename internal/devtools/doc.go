// Package devtools shows a heap snapshot the way the Memory panel of Chrome
// DevTools does: the Summary, Comparison, Containment, Statistics and
// Retainers perspectives, their filters and their order of rows, number by
// number.
//
// # Terms
//
// The class of a node is the group it is counted in. Objects are grouped by
// the name of their constructor and the place where that constructor is
// written; other nodes by what V8 calls them, such as (string). Plain objects
// are grouped by interface: a set of property names, such as {id, name}, that
// many of them share. An aggregate is a class with the count, the smallest
// distance, the shallow size and the retained size of its instances. The key
// of a class is a text that means the same class in another snapshot of the
// same program.
//
// # Exactness
//
// The rules are those of DevTools' heap snapshot engine (front_end/entrypoints/
// heap_snapshot_worker in the npm package chrome-devtools-frontend; function
// names in comments point there). Where the engine has a quirk, it is kept,
// and the comment at that place says so. Text is compared and measured in
// UTF-16 code units, as JavaScript does.
//
// # What it does not do
//
// It does not read files (package heap does), judge whether something leaks,
// or print: rows are values, and their sizes are bytes.
package devtools
