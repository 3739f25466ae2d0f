package devtools

import (
	"context"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/plumb-dev/plumb/heap"
)

// shapeMark stands in the class column for a plain object whose class is not
// known yet; the other bits are its shape.
const shapeMark Class = 1 << 31

// pollEvery is how many nodes a pass looks at between two looks at the context.
const pollEvery = 1 << 20

// classifier gives every node its class: calculateObjectNames and, for plain
// objects, applyInterfaceDefinitions.
//
// The engine numbers classes by the string table: the raw name of a node as it
// stands there, and strings that it adds. Names that it makes up and names of
// interfaces are two families, each with one number per text; raw names have
// one per string ID, and the table can hold a text twice. So different classes
// can have the same name; the maps here keep them apart as the engine does.
type classifier struct {
	snap        *heap.Snapshot
	column      []Class
	table       classTable
	shapes      *shapes
	byNameID    []Class          // class + 1 by raw name, 0 is none yet
	byText      map[string]Class // names made up
	byInterface map[string]Class
	byType      [256]Class // class + 1 by heap.NodeType
	located     map[locatedName]Class
	lastLocated []Class // by class without location: the last located one made of it, + 1
	plain       []heap.StringID
	locations   []heap.Node // the nodes with a location that the pass has not reached yet
}

// locatedName is the identity of a class with a location. The engine uses a
// text here, so that string IDs with equal text are one class.
type locatedName struct {
	location heap.Location
	name     string
}

// newClassifier fills column, which has an entry for every node.
func newClassifier(s *heap.Snapshot, column []Class) *classifier {
	return &classifier{
		snap:        s,
		column:      column,
		shapes:      newShapes(s),
		byNameID:    make([]Class, s.StringCount()),
		byText:      map[string]Class{},
		byInterface: map[string]Class{},
		located:     map[locatedName]Class{},
		plain:       s.FindStrings("Object"),
	}
}

// classify does what does not depend on retained sizes; aggregate does the rest.
func classify(ctx context.Context, s *heap.Snapshot) (*classification, error) {
	c := newClassification(s.NodeCount())
	work, workCtx := errgroup.WithContext(ctx)
	work.Go(func() (err error) {
		c.statistics, err = computeStatistics(workCtx, s)
		c.maxJSObjectID = maxJSObjectID(s)
		return err
	})
	work.Go(func() error {
		b := newClassifier(s, c.column)
		if err := b.firstPass(workCtx); err != nil {
			return err
		}
		c.interfaces = inferInterfaces(s, b.shapes)
		b.apply(c.interfaces)
		c.table = b.table
		return nil
	})
	return c, work.Wait()
}

// aggregate makes the rows of the summary.
func (c *classification) aggregate(ctx context.Context, s *heap.Snapshot) error {
	rows, err := c.aggregates(ctx, s, nil)
	if err != nil {
		return err
	}
	c.rows = c.publicRows(rows)
	c.sortRows(c.rows)
	return nil
}

// reclassify classifies s by the interfaces of another snapshot.
func reclassify(ctx context.Context, s *heap.Snapshot, interfaces []Interface) (*classification, error) {
	b := newClassifier(s, make([]Class, s.NodeCount()))
	if err := b.firstPass(ctx); err != nil {
		return nil, err
	}
	b.apply(interfaces)
	return &classification{column: b.column, table: b.table, interfaces: interfaces}, nil
}

// firstPass gives plain objects their shape and all other nodes their class.
func (b *classifier) firstPass(ctx context.Context) error {
	s := b.snap
	root := s.Root()
	b.locations = s.LocationNodes()
	for i := range b.column {
		if i%pollEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		n := heap.Node(i)
		switch t := s.Type(n); t {
		case heap.Object:
			// The engine looks for plain objects from the root on, and the
			// root may be the last node: then there are no interfaces.
			if n >= root && contains(b.plain, s.NameID(n)) {
				b.column[i] = shapeMark | Class(b.shapes.of(n))
				continue
			}
			b.column[i] = b.locate(n, b.rawClass(s.NameID(n)))
		case heap.Native:
			b.column[i] = b.rawClass(s.NameID(n))
		case heap.OtherNode:
			b.column[i] = b.madeUp(b.byText, typeClassName(t, s.TypeName(n)))
		default:
			if b.byType[t] == 0 {
				b.byType[t] = b.madeUp(b.byText, typeClassName(t, s.TypeName(n))) + 1
			}
			b.column[i] = b.byType[t] - 1
		}
	}
	return nil
}

// apply turns the shapes of plain objects into classes.
func (b *classifier) apply(interfaces []Interface) {
	s := b.snap
	b.locations = s.LocationNodes()
	match := newMatcher(s, interfaces)
	found := make([]int32, len(b.shapes.representative))
	for shape, n := range b.shapes.representative {
		found[shape] = match.match(n)
	}
	class := make([]Class, len(interfaces)) // class + 1, 0 is none yet
	for i, c := range b.column {
		if c&shapeMark == 0 {
			continue
		}
		n := heap.Node(i)
		if at := found[c&^shapeMark]; at != noInterface {
			if class[at] == 0 {
				class[at] = b.madeUp(b.byInterface, interfaces[at].Name) + 1
			}
			b.column[i] = b.locate(n, class[at]-1)
		} else {
			b.column[i] = b.locate(n, b.rawClass(s.NameID(n)))
		}
	}
}

// typeClassName is the name of the class that all nodes of a type form.
func typeClassName(t heap.NodeType, typeName string) string {
	switch t {
	case heap.Hidden:
		return "(system)"
	case heap.Code:
		return "(compiled code)"
	case heap.Closure:
		return "Function"
	case heap.RegExp:
		return "RegExp"
	default:
		if typeName == "" { // a number past the header's types
			return "(undefined)"
		}
		return "(" + typeName + ")"
	}
}

// rawClass is the class of an object or native node by its raw name.
func (b *classifier) rawClass(id heap.StringID) Class {
	if c := b.byNameID[id]; c != 0 {
		return c - 1
	}
	name := b.snap.String(id)
	var c Class
	if short, ok := elementName(name); ok {
		c = b.madeUp(b.byText, short)
	} else {
		c = b.table.add(name, nil)
	}
	b.byNameID[id] = c + 1
	return c
}

// elementName is the name of a DOM element without its attributes:
// <div id="a"> is <div>. It is false for any other name.
func elementName(name string) (string, bool) {
	from := 0
	if strings.HasPrefix(name, "Detached <") {
		from = len("Detached <")
	} else if !strings.HasPrefix(name, "<") {
		return "", false
	}
	if space := strings.IndexByte(name[from:], ' '); space >= 0 {
		name = name[:from+space] + ">"
	}
	return name, true
}

func (b *classifier) madeUp(family map[string]Class, name string) Class {
	c, ok := family[name]
	if !ok {
		c = b.table.add(name, nil)
		family[name] = c
	}
	return c
}

// locate adds the location of the object n, when it has one, to its class. In
// one pass it must be called with ascending nodes.
func (b *classifier) locate(n heap.Node, c Class) Class {
	for len(b.locations) > 0 && b.locations[0] < n {
		b.locations = b.locations[1:]
	}
	if len(b.locations) == 0 || b.locations[0] != n {
		return c
	}
	location, _ := b.snap.Location(n)
	for int(c) >= len(b.lastLocated) {
		b.lastLocated = append(b.lastLocated, 0)
	}
	// Most constructors' names stand for one place, so the last one will do.
	if last := b.lastLocated[c]; last != 0 && b.table.entries[last-1].location == location {
		return last - 1
	}
	identity := locatedName{location, b.table.name(c)}
	with, known := b.located[identity]
	if !known {
		with = b.table.add(identity.name, &location)
		b.located[identity] = with
	}
	b.lastLocated[c] = with + 1
	return with
}

func contains(ids []heap.StringID, id heap.StringID) bool {
	for _, i := range ids {
		if i == id {
			return true
		}
	}
	return false
}

func maxJSObjectID(s *heap.Snapshot) uint64 {
	var greatest uint64
	for n := range heap.Node(s.NodeCount()) {
		if id := s.ID(n); id%2 == 1 && id > greatest {
			greatest = id
		}
	}
	return greatest
}
