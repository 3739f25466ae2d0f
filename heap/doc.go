// Package heap reads V8 heap snapshots (.heapsnapshot files) as a graph: the
// objects of a JavaScript heap, the references between them, and what follows
// from the graph alone: distances from the roots, immediate dominators and
// retained sizes.
//
// # Terms
//
// A [Node] is one object (or a group that V8 reports as one), numbered in file
// order. An [Edge] is one reference from a node to another. The shallow size
// of a node is its own memory; its retained size is what would be freed if it
// went: its own memory and that of everything it dominates. A node d dominates
// n when every path from the root to n leads through d. The distance of a node
// is the number of references on the shortest path from the user's roots (the
// global objects). A retainer of n is a node with an edge to n.
//
// # Exactness
//
// The numbers are those of Chrome DevTools' heap snapshot engine, node by
// node: which edges count for dominators, which sizes move to an owner, in
// which order distances are found. Where DevTools has a quirk, it is kept, and
// the comment at that place says so. Numbers of nodes and edges are taken
// modulo 2^32, a minus sign is skipped (-2 reads as 2) as DevTools does, and a
// fraction is cut off (1.5 reads as 1).
//
// # What it does not do
//
// It does not name classes, group, filter, compare or judge; it does not
// capture snapshots, log, or open the network. A [Snapshot] never changes
// after [Open] returns and is safe for concurrent use until Close.
package heap
