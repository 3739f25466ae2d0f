// Package index stores named byte sections in one file that is read by memory
// map: the cache beside a snapshot. The layout is in docs/format-index.md.
//
// A file belongs to a [Key], what it was made from. [Write] makes the file
// appear whole or not at all. [Open] refuses a file of another key, another
// version or with damage; the caller then builds a new one, so no error here
// needs a person.
//
// It does not know what the sections mean.
package index

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"

	"github.com/plumb-dev/plumb/heap/internal/column"
)

// Version is raised with every change of the layout or of what a section
// means; a file of another version is stale.
const Version = 2

const (
	magic = "plumb\x00ix"
	// align is where sections begin: a cache line, and enough for any number.
	align = 64
	// blockSize is the unit of the checksums.
	blockSize = 1 << 20
	// wholeCheck is the size up to which every block is checked on opening.
	// Past it that would take longer than the index saves, and the first, the
	// last and each sampleStride'th block of a section stand for the others.
	wholeCheck   = 32 << 20
	sampleStride = 61
	headSize     = 8 + 4 + 4 + 8 + 8 + 32 + 8 + 8 // see docs/format-index.md
)

var (
	// ErrStale: the file was made from something else or by another version.
	ErrStale = errors.New("index is stale")
	// ErrDamaged: the file is not what was written.
	ErrDamaged = errors.New("index is damaged")
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Key says what an index was made from.
type Key struct {
	Size    int64
	ModTime int64    // nanoseconds since 1970
	Sample  [32]byte // a hash over parts of the content
}

// Section is a named run of bytes.
type Section struct {
	Name string
	Data []byte
}

// File is an open index.
type File struct {
	data     []byte
	sections map[string][]byte
}

// Section returns the bytes of a section, which start at a multiple of 64 and
// must not be written to; ok is false when there is none of that name.
func (f *File) Section(name string) (data []byte, ok bool) {
	data, ok = f.sections[name]
	return data, ok
}

// Sections returns all sections by name.
func (f *File) Sections() map[string][]byte { return f.sections }

// Data is the whole file, for the one who unmaps it.
func (f *File) Data() []byte { return f.data }

// Open maps the index at path. The error wraps ErrStale, ErrDamaged or that of
// the system.
func Open(path string, key Key) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() < headSize {
		return nil, fmt.Errorf("%s: %w: no header", path, ErrDamaged)
	}
	data, err := column.MapFile(file, info.Size())
	if err != nil {
		return nil, fmt.Errorf("map %s: %w", path, err)
	}
	f, err := Parse(data, key)
	if err != nil {
		_ = column.UnmapFile(data)
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// Parse reads an index from its bytes.
func Parse(data []byte, key Key) (*File, error) {
	if len(data) < headSize || string(data[:8]) != magic {
		return nil, fmt.Errorf("%w: no header", ErrDamaged)
	}
	le := binary.LittleEndian
	if v := le.Uint32(data[8:]); v != Version {
		return nil, fmt.Errorf("%w: version %d", ErrStale, v)
	}
	sum := le.Uint32(data[12:])
	size, table := le.Uint64(data[64:]), le.Uint64(data[72:])
	if size != uint64(len(data)) || table < headSize || table > size {
		return nil, fmt.Errorf("%w: its length is %d", ErrDamaged, len(data))
	}
	if got := crc32.Update(crc32.Checksum(data[16:headSize], castagnoli), castagnoli, data[table:]); got != sum {
		return nil, fmt.Errorf("%w: header", ErrDamaged)
	}
	var found Key
	found.Size, found.ModTime = int64(le.Uint64(data[16:])), int64(le.Uint64(data[24:]))
	copy(found.Sample[:], data[32:])
	if found != key {
		return nil, fmt.Errorf("%w: made from another file", ErrStale)
	}
	f := &File{data: data, sections: map[string][]byte{}}
	for rest := data[table:]; len(rest) > 0; {
		s, sums, next, ok := tableEntry(data[:table], rest)
		if !ok {
			return nil, fmt.Errorf("%w: table of sections", ErrDamaged)
		}
		if !intact(s.Data, sums, size <= wholeCheck) {
			return nil, fmt.Errorf("%w: section %s", ErrDamaged, s.Name)
		}
		f.sections[s.Name] = s.Data
		rest = next
	}
	return f, nil
}

// tableEntry reads one entry: length of the name, name, offset and length of
// the section, checksum of each of its blocks.
func tableEntry(data, b []byte) (s Section, sums, rest []byte, ok bool) {
	le := binary.LittleEndian
	if len(b) < 2 {
		return s, nil, nil, false
	}
	n := int(le.Uint16(b))
	b = b[2:]
	if len(b) < n+16 {
		return s, nil, nil, false
	}
	s.Name = string(b[:n])
	offset, length := le.Uint64(b[n:]), le.Uint64(b[n+8:])
	b = b[n+16:]
	if offset%align != 0 || offset > uint64(len(data)) || length > uint64(len(data))-offset {
		return s, nil, nil, false
	}
	s.Data = data[offset : offset+length : offset+length]
	blocks := 4 * int((length+blockSize-1)/blockSize)
	if len(b) < blocks {
		return s, nil, nil, false
	}
	return s, b[:blocks], b[blocks:], true
}

// intact compares the checksums of a section's blocks, or of some of them.
func intact(data, sums []byte, all bool) bool {
	blocks := len(sums) / 4
	for i := range blocks {
		if !all && i != 0 && i != blocks-1 && i%sampleStride != 0 {
			continue
		}
		block := data[i*blockSize : min((i+1)*blockSize, len(data))]
		if crc32.Checksum(block, castagnoli) != binary.LittleEndian.Uint32(sums[4*i:]) {
			return false
		}
	}
	return true
}
