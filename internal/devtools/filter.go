package devtools

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/plumb-dev/plumb/heap"
)

// Filter says whether a node is shown. It is safe for concurrent use. Nil
// shows all nodes.
type Filter func(heap.Node) bool

// ErrNoFilter is the error for a name that no filter has.
var ErrNoFilter = errors.New("no such filter")

// IDRange shows the nodes with after < id <= upTo. Between the snapshots A and B
// after is the greatest JavaScript id of A and upTo that of B; before A, after is
// 0 and upTo that of A. Ids of the embedder's objects (even ones) pass when they
// lie in the range, whatever they mean.
func (v *View) IDRange(after, upTo uint64) Filter {
	return func(n heap.Node) bool {
		id := v.snap.ID(n)
		return id > after && id <= upTo
	}
}

// AllocatedBy shows the nodes that were made while the function, a position in
// [heap.Snapshot.TraceFunctions], was the innermost one running
// (createAllocationStackFilter). The error wraps [ErrNoFilter] when it made
// none or allocations were not recorded.
func (v *View) AllocatedBy(function uint32) (Filter, error) {
	allocations := v.Allocations()
	if allocations == nil {
		return nil, fmt.Errorf("%w: allocations were not recorded", ErrNoFilter)
	}
	root := allocations.Root(function)
	if root == nil {
		return nil, fmt.Errorf("%w: function %d allocated nothing", ErrNoFilter, function)
	}
	traces := map[uint32]bool{}
	for _, id := range root.TraceNodeIDs() {
		traces[id] = true
	}
	return func(n heap.Node) bool { return traces[v.snap.TraceNodeID(n)] }, nil
}

// namedFilters are those of createNamedFilter that every snapshot has.
func namedFilters() map[string]func(*View) Filter {
	return map[string]func(*View) Filter{
		"duplicatedStrings":                 (*View).duplicatedStrings,
		"objectsRetainedByDetachedDomNodes": (*View).retainedByDetached,
		"objectsRetainedByContexts":         (*View).retainedByContexts,
		"objectsRetainedByConsole":          (*View).retainedByConsole,
		"objectsRetainedByEventHandlers":    (*View).retainedByEventHandlers,
		"sharedNativeContext":               func(v *View) Filter { return v.nativeContextIs(SharedNativeContext) },
		"noNativeContext":                   func(v *View) Filter { return v.nativeContextIs(NoNativeContext) },
	}
}

// nativeContextPrefix comes before the node index of a native context.
const nativeContextPrefix = "nativeContext_"

// FilterNames lists the named filters of this snapshot: DevTools' seven, then
// one for each native context, "nativeContext_" and its node index (the
// position of its first number in the file's nodes).
func (v *View) FilterNames() []string {
	names := []string{
		"duplicatedStrings", "objectsRetainedByDetachedDomNodes", "objectsRetainedByContexts",
		"objectsRetainedByConsole", "objectsRetainedByEventHandlers", "sharedNativeContext", "noNativeContext",
	}
	for _, n := range v.NativeContexts() {
		names = append(names, nativeContextPrefix+strconv.FormatUint(uint64(n)*v.nodeFields(), 10))
	}
	return names
}

// NamedFilter makes one of the filters of [View.FilterNames]. The error wraps
// [ErrNoFilter] when there is none of that name.
func (v *View) NamedFilter(name string) (Filter, error) {
	if build, ok := namedFilters()[name]; ok {
		return build(v), nil
	}
	if index, ok := strings.CutPrefix(name, nativeContextPrefix); ok {
		at, err := strconv.ParseUint(index, 10, 64)
		for _, n := range v.NativeContexts() {
			if err == nil && at == uint64(n)*v.nodeFields() {
				return v.nativeContextIs(int32(n)), nil
			}
		}
	}
	return nil, fmt.Errorf("%w: %q", ErrNoFilter, name)
}

func (v *View) nativeContextIs(owner int32) Filter {
	v.NativeContexts() // attributes the heap before the filter is used
	return func(n heap.Node) bool { return v.NativeContext(n) == owner }
}

func (v *View) nodeFields() uint64 { return uint64(len(v.snap.Meta().NodeFields)) }

// FilterRow is what one named filter shows.
type FilterRow struct {
	Name    string `json:"name"`
	Classes int    `json:"classes"`
	Count   int    `json:"count"`
	Size    uint64 `json:"size"` // shallow, bytes
}

// Filters applies every named filter.
func (v *View) Filters(ctx context.Context) ([]FilterRow, error) {
	var rows []FilterRow
	for _, name := range v.FilterNames() {
		filter, err := v.NamedFilter(name)
		if err != nil {
			return nil, err
		}
		counted, err := v.classes.count(ctx, v.snap, filter)
		if err != nil {
			return nil, err
		}
		row := FilterRow{Name: name}
		for _, r := range v.classes.publicRows(counted) {
			row.Classes++
			row.Count += int(r.count)
			row.Size += r.shallow
		}
		rows = append(rows, row)
	}
	return rows, nil
}
