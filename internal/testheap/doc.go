// Package testheap builds V8 heap snapshots in code, for tests.
//
//	b := testheap.New()
//	root := b.Node("synthetic", "", 0)
//	global := b.Node("object", "global", 16)
//	list := b.Node("array", "", 64)
//	b.Edge(root, "shortcut", "global", global)
//	b.Edge(global, "property", "list", list)
//	b.Element(list, 3, global)
//	b.Location(global, 7, 10, 2)
//	snap := b.Open(t)
//
// Nodes get odd ids in their order (1, 3, 5, ...); edges may be added in any
// order and are written grouped by their source, in the order they came. Text
// is WTF-8 and each text is written once, as V8 does; [Builder.String] makes a
// second copy on purpose.
//
// The [Format] says what the file looks like: the fields, the types, the
// layout of the text. It may be changed at any time before the bytes are asked
// for. [Builder.Set] puts any value, also a wrong one, into any field of a
// node, and [Builder.Header] into any field of the header.
//
// It does not check what it builds: a test may want an edge to nowhere.
package testheap
