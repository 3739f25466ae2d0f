package devtools

import (
	"context"
	"encoding/binary"
	"unsafe"

	"github.com/plumb-dev/plumb/heap"
)

// derivationName is the name of the classes in a snapshot's index. The number
// changes with the layout below and with any rule that changes its contents.
const derivationName = "devtools.classes.v1"

// ClassDerivation keeps the classes of a snapshot in its index, so that [New]
// has them without computing anything.
//
// Layout: header, then the class of every node, the class table's entries, the
// rows of the summary, the text of the table and the interfaces, each at a
// multiple of 8 bytes. Numbers are of the machine's byte order and read in
// place; interfaces are uvarints and texts with a uvarint length.
func ClassDerivation() heap.Derivation {
	return heap.Derivation{
		Name: derivationName,
		Build: func(ctx context.Context, s *heap.Snapshot) (func(context.Context) ([]byte, error), error) {
			c, err := classify(ctx, s)
			return func(ctx context.Context) ([]byte, error) {
				if err := c.aggregate(ctx, s); err != nil {
					return nil, err
				}
				return c.encode(), nil
			}, err
		},
	}
}

type derivedHeader struct {
	nodes, entries, rows, text, interfaces uint64 // lengths: items, bytes for the last two
	maxJSObjectID                          uint64
	statistics                             Statistics
}

const derivedHeaderSize = int(unsafe.Sizeof(derivedHeader{}))

// newClassification makes the column, which is by far the largest part, where
// encode wants it.
func newClassification(nodes int) *classification {
	used := derivedHeaderSize + aligned(nodes*int(unsafe.Sizeof(Class(0))))
	c := &classification{encoded: make([]byte, used, used+used/16)}
	c.column = unsafe.Slice((*Class)(unsafe.Pointer(&c.encoded[derivedHeaderSize])), nodes)
	return c
}

// encode is called once, for what newClassification made.
func (c *classification) encode() []byte {
	interfaces := encodeInterfaces(c.interfaces)
	h := derivedHeader{
		nodes: uint64(len(c.column)), entries: uint64(len(c.table.entries)), rows: uint64(len(c.rows)),
		text: uint64(len(c.table.text)), interfaces: uint64(len(interfaces)),
		maxJSObjectID: c.maxJSObjectID, statistics: c.statistics,
	}
	copy(c.encoded, bytesOf([]derivedHeader{h}))
	for _, p := range [][]byte{bytesOf(c.table.entries), bytesOf(c.rows), c.table.text, interfaces} {
		c.encoded = append(c.encoded, p...)
		c.encoded = append(c.encoded, make([]byte, aligned(len(p))-len(p))...)
	}
	return c.encoded
}

// decodeClassification reads what encode wrote, in place. It is false when b
// is not for a snapshot of so many nodes or does not fit together.
func decodeClassification(b []byte, nodes int) (*classification, bool) {
	r := partReader{rest: b, ok: true}
	header := part[derivedHeader](&r, 1)
	if !r.ok || header[0].nodes != uint64(nodes) {
		return nil, false
	}
	h := header[0]
	c := &classification{statistics: h.statistics, maxJSObjectID: h.maxJSObjectID}
	c.column = part[Class](&r, h.nodes)
	c.table.entries = part[classEntry](&r, h.entries)
	c.rows = part[aggregate](&r, h.rows)
	c.table.text = part[byte](&r, h.text)
	c.interfaces = decodeInterfaces(part[byte](&r, h.interfaces))
	return c, r.ok && c.fits()
}

// fits checks what is quick to check: an index of many megabytes is not
// checked as a whole when it is opened.
func (c *classification) fits() bool {
	for _, e := range c.table.entries {
		if e.start > e.end || e.end > uint64(len(c.table.text)) {
			return false
		}
	}
	for _, r := range c.rows {
		if int(r.class) >= len(c.table.entries) {
			return false
		}
	}
	return true
}

// partReader takes one part after the other from derived bytes.
type partReader struct {
	rest []byte
	ok   bool
}

func part[T any](r *partReader, count uint64) []T {
	var item T
	size := uint64(unsafe.Sizeof(item))
	if !r.ok || count > uint64(len(r.rest))/size {
		r.ok = false
		return nil
	}
	used := aligned(int(count * size))
	if used > len(r.rest) {
		r.ok = false
		return nil
	}
	out := unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(r.rest))), count)
	r.rest = r.rest[used:]
	return out
}

func bytesOf[T any](items []T) []byte {
	var item T
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(items))), len(items)*int(unsafe.Sizeof(item)))
}

func aligned(n int) int { return (n + 7) &^ 7 }

func encodeInterfaces(interfaces []Interface) []byte {
	b := binary.AppendUvarint(nil, uint64(len(interfaces)))
	text := func(s string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	for _, i := range interfaces {
		text(i.Name)
		b = binary.AppendUvarint(b, uint64(i.Count))
		b = binary.AppendUvarint(b, uint64(len(i.Properties)))
		for _, p := range i.Properties {
			text(p)
		}
	}
	return b
}

func decodeInterfaces(b []byte) []Interface {
	number := func() uint64 {
		n, size := binary.Uvarint(b)
		b = b[max(size, 0):]
		return n
	}
	// A length never counts more than there are bytes left for.
	length := func() uint64 {
		n := number()
		return min(n, uint64(len(b)))
	}
	text := func() string {
		n := length()
		s := string(b[:n])
		b = b[n:]
		return s
	}
	var interfaces []Interface
	for range length() {
		i := Interface{Name: text(), Count: int(number())}
		for range length() {
			i.Properties = append(i.Properties, text())
		}
		interfaces = append(interfaces, i)
	}
	return interfaces
}
