package heap

// Node is a node of a snapshot: its position in file order, from 0. DevTools
// calls it the ordinal.
type Node uint32

// Edge is an edge of a snapshot: its position in file order, from 0. The edges
// of one node are consecutive.
type Edge uint32

// StringID is a position in the snapshot's string table. Two IDs can stand for
// the same text: V8 writes duplicates.
type StringID uint32

// NoDistance is the distance of a node that no root reaches.
const NoDistance = -5

// SystemDistance is added to the distance of nodes that only system roots
// reach (see [Snapshot.Distance]).
const SystemDistance = 100_000_000

// NodeType is a kind of node that V8 knows by name. The number is ours, not
// the file's.
type NodeType uint8

// The node types of V8. A type with any other name is OtherNode; its name is
// still there, see [Snapshot.TypeName].
const (
	OtherNode NodeType = iota
	Hidden
	Array
	String
	Object
	Code
	Closure
	RegExp
	Number
	Native
	Synthetic
	ConcatenatedString
	SlicedString
	Symbol
	BigInt
	ObjectShape
	WasmObject
)

var nodeTypeNames = map[string]NodeType{
	"hidden": Hidden, "array": Array, "string": String, "object": Object,
	"code": Code, "closure": Closure, "regexp": RegExp, "number": Number,
	"native": Native, "synthetic": Synthetic,
	"concatenated string": ConcatenatedString, "sliced string": SlicedString,
	"symbol": Symbol, "bigint": BigInt, "object shape": ObjectShape,
	"wasm object": WasmObject,
}

// EdgeType is a kind of edge that V8 knows by name. The number is ours, not
// the file's.
type EdgeType uint8

// The edge types of V8. A type with any other name is OtherEdge; its name is
// still there, see [Snapshot.EdgeTypeName].
const (
	OtherEdge EdgeType = iota
	// ContextEdge is a variable of a function's scope.
	ContextEdge
	// ElementEdge is an array element; its name is a number.
	ElementEdge
	// PropertyEdge is a named property.
	PropertyEdge
	// InternalEdge is a reference of the engine's own, with a name.
	InternalEdge
	// HiddenEdge is a reference of the engine's own, with a number.
	HiddenEdge
	// ShortcutEdge stands for a longer way through the engine's objects.
	ShortcutEdge
	// WeakEdge does not keep its target alive.
	WeakEdge
	// InvisibleEdge is never shown.
	InvisibleEdge
)

var edgeTypeNames = map[string]EdgeType{
	"context": ContextEdge, "element": ElementEdge, "property": PropertyEdge,
	"internal": InternalEdge, "hidden": HiddenEdge, "shortcut": ShortcutEdge,
	"weak": WeakEdge, "invisible": InvisibleEdge,
}

// Detachedness says whether a DOM node is still in its document.
type Detachedness uint8

// The states of [Detachedness].
const (
	DetachednessUnknown Detachedness = iota
	Attached
	Detached
)

// Flags of a node, as DevTools computes them.
type Flags uint8

// The bits of [Flags].
const (
	// CanBeQueried: reachable by names that a program can use.
	CanBeQueried Flags = 1 << iota
	// DetachedDOM: a DOM node outside its document.
	DetachedDOM
	// PageObject: reachable from the page's (program's) own roots.
	PageObject
)

// Location is where the source of a node begins: for a closure its function,
// for an object its constructor. Line and column count from 0.
type Location struct {
	ScriptID int64
	Line     int64
	Column   int64
}
