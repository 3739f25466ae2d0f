package heap

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/plumb-dev/plumb/heap/internal/column"
	"github.com/plumb-dev/plumb/heap/internal/index"
)

// sampleSize is how much of each sampled place of a file goes into its key.
const sampleSize = 64 << 10

// indexKey identifies the content of a file: size, time of change and a hash
// over its begin, middle and end.
func indexKey(f *os.File) (index.Key, error) {
	info, err := f.Stat()
	if err != nil {
		return index.Key{}, err
	}
	key := index.Key{Size: info.Size(), ModTime: info.ModTime().UnixNano()}
	h := sha256.New()
	for _, at := range []int64{0, key.Size/2 - sampleSize/2, key.Size - sampleSize} {
		if _, err := io.Copy(h, io.NewSectionReader(f, max(0, at), sampleSize)); err != nil {
			return index.Key{}, err
		}
	}
	h.Sum(key.Sample[:0])
	return key, nil
}

// indexPaths lists where the index of a snapshot can be: beside it, and for
// folders that cannot be written to in the user's cache.
func indexPaths(path string) []string {
	paths := []string{path + ".plumb"}
	cache, err := os.UserCacheDir()
	if err != nil {
		return paths
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return paths
	}
	sum := sha256.Sum256([]byte(whole))
	return append(paths, filepath.Join(cache, "plumb", "index",
		filepath.Base(path)+"-"+hex.EncodeToString(sum[:8])+".plumb"))
}

// columnRef names a column for the index.
type columnRef struct {
	name string
	get  func() []byte
	set  func([]byte)
}

func ref[T column.Number](name string, c *[]T) columnRef {
	return columnRef{
		name,
		func() []byte { return column.Bytes(*c) },
		func(b []byte) { *c = column.View[T](b) },
	}
}

// columns lists everything in s that is a column, for writing and for reading.
func (s *Snapshot) columns() []columnRef {
	return []columnRef{
		ref("node.type", &s.typ), ref("node.detachedness", &s.detachedness),
		ref("node.name", &s.name), ref("node.id", &s.id), ref("node.shallow", &s.self),
		ref("node.trace", &s.traceNodeID), ref("node.first_edge", &s.firstEdge),
		ref("node.distance", &s.distance), ref("node.dominator", &s.dominator),
		ref("node.retained", &s.retained), ref("node.first_retainer", &s.firstRetainer),
		ref("node.inside", (*[]uint64)(&s.inside)),
		ref("edge.target", &s.target), ref("edge.name", &s.edgeName), ref("edge.retainer", &s.retainer),
		ref("string.start", &s.text.start),
		ref("location.node", &s.locationNode), ref("location.at", &s.locationAt),
		ref("string.ephemeron", (*[]uint32)(&s.ephemerons.candidates)),
	}
}

// indexState is what is no column; encoding/gob keeps strings byte by byte,
// which JSON would not.
type indexState struct {
	Meta           Meta
	Warnings       []string
	Root           uint32
	Found          map[string][]StringID
	Added          []string
	Samples        []Sample
	TraceFunctions []TraceFunction
	TraceTree      []TraceNode
	Scopes         *Scopes
}

const (
	stateSection  = "state"
	textSection   = "string.text"
	derivedPrefix = "derived."
)

// saveIndex writes the index to the first place that takes it.
func (s *Snapshot) saveIndex(ctx context.Context, path string, key index.Key, compressed bool) error {
	s.retainersOnce.Do(s.buildRetainers)
	var state bytes.Buffer
	err := gob.NewEncoder(&state).Encode(indexState{
		s.meta, s.warnings, s.root, s.text.found, s.text.added,
		s.samples, s.traceFunctions, s.traceTree, s.scopes,
	})
	if err != nil {
		return err
	}
	sections := []index.Section{{Name: stateSection, Data: state.Bytes()}}
	for _, c := range s.columns() {
		sections = append(sections, index.Section{Name: c.name, Data: c.get()})
	}
	if compressed {
		sections = append(sections, index.Section{Name: textSection, Data: s.text.file})
	}
	for name, b := range s.derived {
		sections = append(sections, index.Section{Name: derivedPrefix + name, Data: b})
	}
	for i, p := range indexPaths(path) {
		if i > 0 {
			if err = os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
				return err
			}
		}
		if err = index.Write(ctx, p, key, sections); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

// loadIndex opens s from its index. file is the memory map of the snapshot,
// nil when that is compressed. Any error means: read the snapshot itself.
func loadIndex(path string, key index.Key, file []byte) (*Snapshot, error) {
	var failed error
	for _, p := range indexPaths(path) {
		f, err := index.Open(p, key)
		if err != nil {
			failed = err
			continue
		}
		s, err := fromIndex(f, file)
		if err != nil {
			_ = column.UnmapFile(f.Data())
			failed = fmt.Errorf("%s: %w", p, err)
			continue
		}
		s.mapped = append(s.mapped, f.Data())
		return s, nil
	}
	return nil, failed
}

func fromIndex(f *index.File, file []byte) (*Snapshot, error) {
	b, _ := f.Section(stateSection)
	var state indexState
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(&state); err != nil {
		return nil, fmt.Errorf("%w: state: %w", index.ErrDamaged, err)
	}
	s := &Snapshot{
		meta: state.Meta, warnings: state.Warnings, root: state.Root,
		samples: state.Samples, traceFunctions: state.TraceFunctions,
		traceTree: state.TraceTree, scopes: state.Scopes, derived: map[string][]byte{},
	}
	for _, c := range s.columns() {
		b, ok := f.Section(c.name)
		if !ok {
			return nil, fmt.Errorf("%w: no section %s", index.ErrDamaged, c.name)
		}
		c.set(b)
	}
	s.text.file, s.text.found, s.text.added = file, state.Found, state.Added
	if file == nil {
		s.text.file, _ = f.Section(textSection)
	}
	if err := s.checkLengths(); err != nil {
		return nil, err
	}
	for name, b := range f.Sections() {
		if name, ok := strings.CutPrefix(name, derivedPrefix); ok {
			s.derived[name] = b
		}
	}
	s.resolveTypes()
	return s, nil
}

// checkLengths makes sure that the columns fit each other, so that nothing
// reads past one.
func (s *Snapshot) checkLengths() error {
	n, e := len(s.typ), len(s.target)
	ok := n > 0 && int(s.root) < n && len(s.text.start) > 0 &&
		len(s.meta.NodeTypes) <= len(s.nodeTypes) && len(s.meta.EdgeTypes) < ephemeronType &&
		len(s.firstEdge) == n+1 && len(s.firstRetainer) == n+1 &&
		len(s.edgeName) == e && len(s.retainer) == e &&
		len(s.locationAt) == 3*len(s.locationNode) &&
		s.text.start[len(s.text.start)-1] <= uint64(len(s.text.file))
	for _, l := range []int{len(s.name), len(s.id), len(s.self), len(s.distance), len(s.dominator), len(s.retained)} {
		ok = ok && l == n
	}
	if !ok || s.detachedness != nil && len(s.detachedness) != n || s.traceNodeID != nil && len(s.traceNodeID) != n ||
		len(s.inside) != (n+63)/64 {
		return fmt.Errorf("%w: columns of different lengths", index.ErrDamaged)
	}
	return nil
}
