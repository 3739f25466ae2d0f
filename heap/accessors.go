package heap

import (
	"sort"
	"strconv"
	"strings"

	"github.com/plumb-dev/plumb/heap/internal/decode"
)

const (
	targetBits = decode.TargetBits
	targetMask = 1<<targetBits - 1
	// ephemeronType marks, in target, an internal edge whose name is that of
	// a WeakMap entry. No file has that many edge types.
	ephemeronType = 15
)

// Meta returns the header. The caller must not change it.
func (s *Snapshot) Meta() *Meta { return &s.meta }

// Warnings lists what was odd in the file without stopping the reading.
func (s *Snapshot) Warnings() []string { return s.warnings }

// NodeCount is the number of nodes.
func (s *Snapshot) NodeCount() int { return len(s.typ) }

// EdgeCount is the number of edges.
func (s *Snapshot) EdgeCount() int { return len(s.target) }

// StringCount is the number of strings.
func (s *Snapshot) StringCount() int { return s.text.count() }

// Root is the node from which everything is reached.
func (s *Snapshot) Root() Node { return Node(s.root) }

// TotalSize is the retained size of the root and the header's
// ExtraNativeBytes, in bytes.
func (s *Snapshot) TotalSize() uint64 { return s.retained[s.root] + s.meta.ExtraNativeBytes }

// Type is the kind of n.
func (s *Snapshot) Type(n Node) NodeType { return s.nodeTypes[s.typ[n]] }

// TypeName is the kind of n as the file names it; empty when it does not.
func (s *Snapshot) TypeName(n Node) string {
	if t := int(s.typ[n]); t < len(s.meta.NodeTypes) {
		return s.meta.NodeTypes[t]
	}
	return ""
}

// NameID is the raw name of n: the constructor's for an object, the text of a
// string, the tag of an element. Detached DOM nodes have the prefix
// "Detached ", as in DevTools.
func (s *Snapshot) NameID(n Node) StringID { return StringID(s.name[n]) }

// Name is the text of NameID, as WTF-8.
func (s *Snapshot) Name(n Node) string { return s.String(s.NameID(n)) }

// ID is V8's object id: the same object has the same id in every snapshot of
// one process. V8 gives odd ids to JavaScript objects, even ones to others.
func (s *Snapshot) ID(n Node) uint64 { return uint64(s.id[n]) }

// NodeByID finds the node with an object id.
func (s *Snapshot) NodeByID(id uint64) (Node, bool) {
	if id > 1<<32-1 {
		return 0, false
	}
	for n, v := range s.id {
		if v == uint32(id) {
			return Node(n), true
		}
	}
	return 0, false
}

// ShallowSize is n's own memory in bytes. As in DevTools, engine internals
// that belong to exactly one object count there and have 0 themselves.
func (s *Snapshot) ShallowSize(n Node) uint64 { return uint64(s.self[n]) }

// RetainedSize is what would be freed if n went, in bytes.
func (s *Snapshot) RetainedSize(n Node) uint64 { return s.retained[n] }

// Distance is the number of references from the nearest user root. It is
// SystemDistance and more when only system roots reach n, NoDistance when
// nothing does.
func (s *Snapshot) Distance(n Node) int32 { return s.distance[n] }

// Dominator is the immediate dominator of n. The root's is the root, and so is
// that of a node that the root does not reach.
func (s *Snapshot) Dominator(n Node) Node { return Node(s.dominator[n]) }

// Detachedness says whether n, a DOM node, is in its document.
func (s *Snapshot) Detachedness(n Node) Detachedness {
	if s.detachedness == nil {
		return DetachednessUnknown
	}
	return Detachedness(s.detachedness[n] & 3)
}

// TraceNodeID is the node of the allocation tree where n was allocated, 0 when
// that was not recorded.
func (s *Snapshot) TraceNodeID(n Node) uint32 {
	if s.traceNodeID == nil {
		return 0
	}
	return s.traceNodeID[n]
}

// Location is where the source of n begins, if the file says so.
func (s *Snapshot) Location(n Node) (Location, bool) {
	i := sort.Search(len(s.locationNode), func(i int) bool { return s.locationNode[i] >= uint32(n) })
	if i == len(s.locationNode) || s.locationNode[i] != uint32(n) {
		return Location{}, false
	}
	return Location{int64(s.locationAt[3*i]), int64(s.locationAt[3*i+1]), int64(s.locationAt[3*i+2])}, true
}

// LocationNodes lists the nodes that have a location, ascending.
func (s *Snapshot) LocationNodes() []Node { return nodesOf(s.locationNode) }

// Edges returns the range of n's edges, [first, end).
func (s *Snapshot) Edges(n Node) (first, end Edge) {
	return Edge(s.firstEdge[n]), Edge(s.firstEdge[n+1])
}

// EdgeType is the kind of e.
func (s *Snapshot) EdgeType(e Edge) EdgeType { return s.edgeTypes[s.target[e]>>targetBits] }

// EdgeTypeName is the kind of e as the file names it.
func (s *Snapshot) EdgeTypeName(e Edge) string {
	t := int(s.target[e] >> targetBits)
	if t == ephemeronType {
		return "internal"
	}
	if t < len(s.meta.EdgeTypes) {
		return s.meta.EdgeTypes[t]
	}
	return ""
}

// EdgeTarget is the node that e leads to.
func (s *Snapshot) EdgeTarget(e Edge) Node { return Node(s.target[e] & targetMask) }

// EdgeSource is the node that e belongs to. It searches: where the source is
// at hand, keep it.
func (s *Snapshot) EdgeSource(e Edge) Node {
	// The last node whose first edge is not past e; nodes without edges share
	// their first edge with the next.
	return Node(sort.Search(len(s.typ), func(n int) bool { return s.firstEdge[n+1] > uint32(e) }))
}

// EdgeNameID is the raw name_or_index: a number for element and hidden edges,
// else a StringID.
func (s *Snapshot) EdgeNameID(e Edge) uint32 { return s.edgeName[e] }

// EdgeName is the name as DevTools shows it: a number for element and hidden
// edges, and for shortcut edges whose text begins with one.
func (s *Snapshot) EdgeName(e Edge) string {
	name, _ := s.edgeNameOf(e)
	return name
}

// EdgeHasStringName is false where EdgeName is a number.
func (s *Snapshot) EdgeHasStringName(e Edge) bool {
	switch s.EdgeType(e) {
	case ElementEdge, HiddenEdge:
		return false
	case ShortcutEdge:
		_, number := s.edgeNameOf(e)
		return !number
	}
	return true
}

func (s *Snapshot) edgeNameOf(e Edge) (name string, number bool) {
	switch s.EdgeType(e) {
	case ElementEdge, HiddenEdge:
		return strconv.FormatUint(uint64(s.edgeName[e]), 10), true
	case ShortcutEdge:
		name := s.String(StringID(s.edgeName[e]))
		if n, ok := parseInt(name); ok {
			return n, true
		}
		return name, false
	}
	return s.String(StringID(s.edgeName[e])), false
}

// parseInt is JavaScript's parseInt(text, 10) for what occurs in names: white
// space, a sign and digits; ok is false for NaN.
func parseInt(text string) (string, bool) {
	text = strings.TrimLeft(text, " \t\n\v\f\r\u00a0\ufeff\u2028\u2029")
	sign := ""
	if text != "" && (text[0] == '-' || text[0] == '+') {
		if text[0] == '-' {
			sign = "-"
		}
		text = text[1:]
	}
	n := 0
	for n < len(text) && text[n]-'0' <= 9 {
		n++
	}
	if n == 0 {
		return "", false
	}
	digits := strings.TrimLeft(text[:n], "0")
	if digits == "" {
		return "0", true
	}
	return sign + digits, true
}

// String returns the text of a string as WTF-8 (see package wtf8).
func (s *Snapshot) String(id StringID) string { return s.text.string(id) }

// AppendString adds to b what String returns.
func (s *Snapshot) AppendString(b []byte, id StringID) []byte { return s.text.append(b, id) }

// Samples is the allocation timeline, empty when none was recorded.
func (s *Snapshot) Samples() []Sample { return s.samples }

// TraceFunctions lists the functions that allocated, empty when allocations
// were not tracked.
func (s *Snapshot) TraceFunctions() []TraceFunction { return s.traceFunctions }

// TraceTree is the allocation tree in preorder, empty when allocations were
// not tracked.
func (s *Snapshot) TraceTree() []TraceNode { return s.traceTree }

// Scopes are the lexical scopes of the scripts; nil when the file has none.
func (s *Snapshot) Scopes() *Scopes { return s.scopes }

// Derived returns the bytes of a [Derivation] given to Open, nil when there
// was none of that name.
func (s *Snapshot) Derived(name string) []byte { return s.derived[name] }
