// Package snapgen writes heap snapshots of any size without a JavaScript
// engine, for benchmarks. What it writes looks like Node 20's: the same
// sections, fields, layout and names, some 3.3 edges per node, a quarter of the
// bytes in strings, and the shapes of a server's heap: records in arrays, class
// instances with closures and contexts in Maps, caches in WeakMaps, very long
// linked lists, code, cross-linked graphs, islands that no root reaches.
//
// A snapshot is made of units: pieces of some thousand nodes that are built in
// memory, written and forgotten, so that memory does not grow with the file.
// Before them stands the head: roots, the global object, maps, classes and
// modules, to which units are attached. Its edges are known only at the end,
// so the sections are spooled to temporary files and put together then.
//
// The same options give the same bytes. It does not aim at any program's real
// numbers, and the sizes and positions in it mean nothing.
package snapgen
