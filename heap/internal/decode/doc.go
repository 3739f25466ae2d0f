// Package decode reads the text of a heap snapshot into columns, in one pass
// over a stream, on all cores, without ever holding the text.
//
// A snapshot is one JSON object. Its "snapshot" member (the header) comes
// first and says which fields a node and an edge have; the other members are
// long flat arrays of numbers, one nested array ("trace_tree") and the array
// of strings. [Read] walks the members in the order of the file; the two great
// arrays, nodes and edges, are cut into blocks at number boundaries and parsed
// by workers: each parses its block without knowing where the block belongs,
// learns the position from its predecessor and then stores its share.
//
// Numbers of nodes and edges are taken modulo 2^32 as DevTools' Uint32Arrays
// do; a minus sign is skipped, as its parser does; a fraction is cut off.
// Strings stay encoded: only where each begins is kept.
//
// It knows the file format, not the graph: nothing here follows an edge.
package decode
