// Package leak finds what grows between heap snapshots of one process and
// names it: the variable, the file and the line, the references that keep the
// objects alive, the kind of mistake.
//
// The words: an object is new when the first snapshot has not got its id. Its
// holder is the nearest object above it, on a short path from the root, that a
// programmer has a name for. A growth is a holder below which new objects
// gather: a container with many new members, a linked list that gets longer,
// or many small containers of one structure. A finding is a growth that the
// program itself causes, with the evidence. Noise is the rest: code that V8
// compiles, modules that Node.js loads, work under way.
//
// Two signals must agree for a verdict: the members that the holder has in
// each snapshot, and the members of each step that are still there in the
// last one. A cache that is full fails the first, a queue the second.
//
// The package reads no files but sources through a function it is given, and
// prints nothing.
package leak
