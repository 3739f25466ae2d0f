// Package column allocates the flat arrays of a snapshot outside the Go heap.
//
// A column is a slice of fixed-size numbers, zeroed, in an anonymous memory
// map with huge pages where the system has them: a graph walk jumps all over
// it, and small pages cost about twice the time. The garbage collector neither
// scans nor counts columns; an [Arena] frees them.
//
// It does not grow by itself (see [Grow]) and does no bounds magic: a column
// is an ordinary slice that must not be used after its arena is closed.
package column

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"unsafe"
)

// Number is what a column can hold.
type Number interface {
	~uint8 | ~uint32 | ~int32 | ~uint64
}

// small is the size in bytes below which a column lives on the Go heap.
const small = 256 << 10

// An Arena owns columns.
//
// Memory that was freed is used again for the next column that fits: to get
// new pages from the system costs more than to clear old ones.
type Arena struct {
	mu    sync.Mutex
	maps  map[*byte][]byte
	spare [][]byte
	live  int64
	peak  int64
}

// Make allocates a column of n zeros. It fails when the system refuses the
// memory.
func Make[T Number](a *Arena, n int) ([]T, error) {
	return create[T](a, n, true)
}

// Scratch is Make for a column of which every number is written before it is
// read: what it holds at first is anything.
func Scratch[T Number](a *Arena, n int) ([]T, error) {
	return create[T](a, n, false)
}

func create[T Number](a *Arena, n int, zero bool) ([]T, error) {
	size := n * int(unsafe.Sizeof(*new(T)))
	if size < small {
		return make([]T, n), nil
	}
	b, err := a.add(size, zero)
	if err != nil {
		return nil, err
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&b[0])), n), nil
}

// Free gives the memory of one column back. A nil or small one is left to the
// garbage collector.
func Free[T Number](a *Arena, s []T) {
	if cap(s) == 0 {
		return
	}
	key := (*byte)(unsafe.Pointer(unsafe.SliceData(s)))
	a.mu.Lock()
	b, ok := a.maps[key]
	delete(a.maps, key)
	if ok {
		a.live -= int64(len(b))
		a.spare = append(a.spare, b)
	}
	a.mu.Unlock()
}

// Trim gives the memory of freed columns back to the system, but for about
// keep bytes for what is still to come.
func (a *Arena) Trim(keep int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	kept := a.spare[:0]
	for _, b := range a.spare {
		if len(b) <= keep {
			keep -= len(b)
			kept = append(kept, b)
		} else {
			unmap(b)
		}
	}
	a.spare = kept
}

// Grow returns a column of the same numbers with room for at least n, and
// frees s. The length stays.
func Grow[T Number](a *Arena, s []T, n int) ([]T, error) {
	if n <= cap(s) {
		return s, nil
	}
	bigger, err := Scratch[T](a, max(n, 2*cap(s), 1024))
	if err != nil {
		return nil, err
	}
	copy(bigger, s)
	Free(a, s)
	return bigger[:len(s)], nil
}

// Fit returns a column of the same numbers without room for more. Room that
// was never touched was never there: it goes back to the system at once.
func Fit[T Number](a *Arena, s []T) ([]T, error) {
	size := len(s) * int(unsafe.Sizeof(*new(T)))
	key := (*byte)(unsafe.Pointer(unsafe.SliceData(s)))
	if size >= small {
		a.cut(key, size)
		return s[:len(s):len(s)], nil
	}
	fit := append(make([]T, 0, len(s)), s...)
	a.cut(key, 0)
	return fit, nil
}

// View reads bytes, which must start at a multiple of the element size, as a
// column. The memory stays the caller's.
func View[T Number](b []byte) []T {
	if len(b) == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&b[0])), len(b)/int(unsafe.Sizeof(*new(T))))
}

// Bytes reads a column as the bytes it is made of.
func Bytes[T Number](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), len(s)*int(unsafe.Sizeof(*new(T))))
}

// Live and Peak are the mapped bytes now and at most so far.
func (a *Arena) Live() int64 { a.mu.Lock(); defer a.mu.Unlock(); return a.live }

// Peak is the most that was ever mapped at once, in bytes.
func (a *Arena) Peak() int64 { a.mu.Lock(); defer a.mu.Unlock(); return a.peak }

// Close frees every column.
func (a *Arena) Close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for key, b := range a.maps {
		unmap(b)
		delete(a.maps, key)
	}
	a.live = 0
	for _, b := range a.spare {
		unmap(b)
	}
	a.spare = nil
}

// cut gives the pages of a map behind its first size bytes back to the system.
func (a *Arena) cut(key *byte, size int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	b, ok := a.maps[key]
	if !ok {
		return
	}
	kept := shorten(b, size)
	a.live -= int64(len(b) - len(kept))
	if a.maps[key] = kept; len(kept) == 0 {
		delete(a.maps, key)
	}
}

func (a *Arena) add(size int, zero bool) ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	b := a.reuse(size)
	if b != nil && zero {
		clear(b[:size])
	}
	if b == nil {
		var err error
		if b, err = mapAnonymous(size); err != nil {
			return nil, fmt.Errorf("allocate %d bytes: %w", size, err)
		}
	}
	if a.maps == nil {
		a.maps = make(map[*byte][]byte)
	}
	a.maps[&b[0]] = b
	a.live += int64(len(b))
	a.peak = max(a.peak, a.live)
	return b, nil
}

// reuse takes size bytes of the smallest spare memory that has as much. The
// rest stays spare; both end with a page, as only whole ones can be unmapped.
// The caller holds the lock.
func (a *Arena) reuse(size int) []byte {
	best := -1
	for i, b := range a.spare {
		if len(b) >= size && (best < 0 || len(b) < len(a.spare[best])) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	b := a.spare[best]
	page := os.Getpagesize()
	used := min(len(b), (size+page-1)/page*page)
	if a.spare[best] = b[used:]; len(b)-used < small {
		used = len(b)
		a.spare = slices.Delete(a.spare, best, best+1)
	}
	return b[:used:used]
}
