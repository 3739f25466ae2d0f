package devtools

import (
	"context"
	"slices"

	"github.com/plumb-dev/plumb/heap"
)

// View is a snapshot with the class of every node. It does not change after
// [New] and is safe for concurrent use while the snapshot is open.
type View struct {
	snap    *heap.Snapshot
	classes *classification
	native  nativeContexts // computed when first asked for
}

// New classifies every node of s, or takes the classes from the snapshot's
// index when [ClassDerivation] was among the derivations it was opened with.
func New(ctx context.Context, s *heap.Snapshot) (*View, error) {
	if b := s.Derived(derivationName); b != nil {
		if c, ok := decodeClassification(b, s.NodeCount()); ok {
			return &View{snap: s, classes: c}, nil
		}
	}
	c, err := classify(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := c.aggregate(ctx, s); err != nil {
		return nil, err
	}
	return &View{snap: s, classes: c}, nil
}

// Snapshot is the snapshot under the view.
func (v *View) Snapshot() *heap.Snapshot { return v.snap }

// Class is the class of n: a number that means nothing outside this view.
// Two classes can have the same name, and even the same key.
func (v *View) Class(n heap.Node) Class { return v.classes.column[n] }

// ClassName is the name of n's class, such as Map, (string) or {id, name}.
func (v *View) ClassName(n heap.Node) string { return v.classes.table.name(v.Class(n)) }

// ClassKey is the key of n's class: "scriptID,line,column,name" for objects
// whose constructor has a location, else "," and the name.
func (v *View) ClassKey(n heap.Node) string { return v.classes.table.key(v.Class(n)) }

// MaxJSObjectID is the greatest odd id: JavaScript objects have odd ids, those
// of the embedder have even ones.
func (v *View) MaxJSObjectID() uint64 { return v.classes.maxJSObjectID }

// Interfaces lists the interfaces of this snapshot, the most common first.
func (v *View) Interfaces() []Interface { return slices.Clone(v.classes.interfaces) }
