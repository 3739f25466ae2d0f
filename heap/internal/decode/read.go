package decode

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/plumb-dev/plumb/heap/internal/column"
)

// Snapshot is what a file holds, as columns.
type Snapshot struct {
	Header Header

	// One entry per node. FirstEdge has one more: node n owns the edges
	// FirstEdge[n] up to FirstEdge[n+1].
	Type, Detachedness []uint8 // Detachedness nil when there is no such field
	Name, ID, SelfSize []uint32
	TraceNodeID        []uint32 // nil when there is no such field
	FirstEdge          []uint32

	// One entry per edge. Target holds the node in its low 28 bits and the
	// edge's type in the top 4.
	Target, EdgeName []uint32

	Strings Strings

	Locations                []uint32
	Samples, TraceFunctions  []uint64
	TraceTree                []TraceNode
	Scopes, ScopeContextVars []uint64
	ScopeUses                []uint64

	Warnings []string
}

// TargetBits is the width of a node in Target.
const TargetBits = 28

// Options of Read.
type Options struct {
	// Size of the text when it is known, else 0: a header that promises more
	// than fits is refused before anything is allocated.
	Size int64
	// KeepStrings copies the text of the strings; otherwise positions in the
	// file are recorded.
	KeepStrings bool
	// Notice, when set, sees every string up to 4 kB, still encoded, while it
	// is at hand: to come back for it later would read the whole file again.
	Notice   func(id int, encoded []byte)
	Progress func(done int64)
}

// Read decodes a snapshot. The columns belong to a.
func Read(ctx context.Context, r io.Reader, a *column.Arena, opts Options) (*Snapshot, error) {
	if opts.Progress == nil {
		opts.Progress = func(int64) {}
	}
	if opts.Notice == nil {
		opts.Notice = func(int, []byte) {}
	}
	s := newScanner(ctx, r, opts.Size, opts.Progress)
	if err := s.start(); err != nil {
		return nil, err
	}
	d := &decoder{scanner: s, arena: a, opts: opts}
	for {
		switch c := s.peek(); c {
		case ',':
			s.pos++
			continue
		case '}':
			s.pos++
			if err := d.rest(); err != nil {
				return nil, err
			}
			return d.finish()
		case 0:
			if s.pos == s.end && errors.Is(s.err, io.EOF) && d.have["strings"] {
				d.out.Warnings = append(d.out.Warnings, "the file ends without its closing brace")
				return d.finish()
			}
		}
		name, err := s.key()
		if err != nil {
			return nil, d.explain(err)
		}
		if err := s.expect(':', "member "+name); err != nil {
			return nil, err
		}
		if err := d.member(name); err != nil {
			return nil, err
		}
	}
}

type decoder struct {
	*scanner
	arena *column.Arena
	opts  Options
	out   Snapshot
	have  map[string]bool
}

// member reads the value of one member.
func (d *decoder) member(name string) (err error) {
	if d.have == nil {
		d.have = map[string]bool{}
	}
	at := d.at()
	if d.have[name] {
		return corrupt(at, "member %q occurs twice", name)
	}
	if name == "snapshot" {
		var text bytes.Buffer
		err := d.value("the header", func(b []byte) error {
			if text.Len()+len(b) > 64<<20 {
				return corrupt(at, "the header is longer than 64 MB")
			}
			text.Write(b)
			return nil
		})
		if err != nil {
			return err
		}
		h, err := parseHeader(text.Bytes(), at)
		if err != nil {
			return err
		}
		d.out.Header, d.have[name] = *h, true
		return d.fits(at)
	}
	if !d.have["snapshot"] {
		if name == "nodes" {
			return d.explain(corrupt(at, "member %q comes before the header", name))
		}
		return d.value("member "+name, nil)
	}
	d.have[name] = true
	switch name {
	case "nodes":
		return d.nodes()
	case "edges":
		return d.edges()
	case "strings":
		st, err := d.strings(d.arena, d.opts.KeepStrings, d.opts.Notice)
		if err == nil {
			d.out.Strings = *st
		}
		return err
	case "trace_function_infos":
		d.out.TraceFunctions, err = flat[uint64](d.scanner, d.arena, name)
	case "trace_tree":
		d.out.TraceTree, err = d.traceTree(d.out.Header.TraceNodeFields)
	case "samples":
		d.out.Samples, err = flat[uint64](d.scanner, d.arena, name)
	case "locations":
		d.out.Locations, err = flat[uint32](d.scanner, d.arena, name)
	case "scopes":
		d.out.Scopes, err = flat[uint64](d.scanner, d.arena, name)
	case "scope_context_vars":
		d.out.ScopeContextVars, err = flat[uint64](d.scanner, d.arena, name)
	case "scope_uses":
		d.out.ScopeUses, err = flat[uint64](d.scanner, d.arena, name)
	default:
		err = d.value("member "+name, nil)
	}
	return err
}

// fits refuses a header that promises more numbers than the text has bytes
// for: two bytes each at least.
func (d *decoder) fits(at int64) error {
	h := &d.out.Header
	need := 2 * (h.NodeCount*int64(len(h.NodeFields)) + h.EdgeCount*int64(len(h.EdgeFields)))
	if d.opts.Size > 0 && need > d.opts.Size {
		return truncated(at, "the header says %d nodes and %d edges, which do not fit into a file of %d bytes",
			h.NodeCount, h.EdgeCount, d.opts.Size)
	}
	return nil
}

// start finds the opening brace.
func (s *scanner) start() error {
	s.read()
	s.buf = s.buf[:cap(s.buf)]
	if bytes.HasPrefix(s.buf[:s.end], []byte("\xEF\xBB\xBF")) {
		s.pos = 3
	}
	c := s.peek()
	if c == '{' {
		s.pos++
		return nil
	}
	if c == 0 && s.pos == s.end {
		if s.err != nil && !errors.Is(s.err, io.EOF) {
			return s.stopped("the file")
		}
		return &Fault{
			Kind: NotSnapshot, Offset: -1, Detail: "the file is empty",
			Hint: "a process that is killed while it writes a snapshot leaves an empty file: see whether it ran out of memory",
		}
	}
	head := s.buf[s.pos:min(s.end, s.pos+40)]
	hint := "a heap snapshot is JSON and begins with {\"snapshot\":"
	if c == '<' {
		hint = "this is a web page, perhaps an error page: look at it in a browser, then download the snapshot again"
	}
	return &Fault{Kind: NotSnapshot, Offset: s.at(), Detail: fmt.Sprintf("it begins with %q", head), Hint: hint}
}

// rest reads what follows the closing brace: the checksum of a packed file
// comes last of all.
func (d *decoder) rest() error {
	if d.peek() != 0 || d.pos < d.end {
		d.out.Warnings = append(d.out.Warnings, fmt.Sprintf("the file goes on behind byte %d, where its object ends: ignored", d.at()))
	}
	for {
		if d.pos = d.end; !d.fill() {
			break
		}
	}
	if !errors.Is(d.err, io.EOF) {
		return d.stopped("the end")
	}
	return nil
}

// explain turns a fault before the header into the better message.
func (d *decoder) explain(err error) error {
	var f *Fault
	if d.have["snapshot"] || err != nil && (!errors.As(err, &f) || f.Kind == Truncated) {
		return err
	}
	return &Fault{
		Kind: NotSnapshot, Offset: -1, Detail: `there is no "snapshot" header before the data`,
		Hint: "CPU profiles (.cpuprofile), sampled heap profiles (.heapprofile) and reports are JSON too, but no heap snapshots",
	}
}

// finish checks that everything is there and turns edge counts into offsets.
func (d *decoder) finish() (*Snapshot, error) {
	if !d.have["snapshot"] {
		return nil, d.explain(nil)
	}
	for _, name := range []string{"nodes", "edges", "strings"} {
		if !d.have[name] {
			return nil, truncated(d.at(), "there is no member %q", name)
		}
	}
	sum := uint64(0)
	first := d.out.FirstEdge
	for n := range first[:len(first)-1] {
		count := first[n]
		first[n] = uint32(sum)
		sum += uint64(count)
	}
	if sum != uint64(len(d.out.Target)) {
		return nil, corrupt(-1, "the nodes say they have %d edges, the header %d", sum, len(d.out.Target))
	}
	first[len(first)-1] = uint32(sum)
	return &d.out, nil
}
