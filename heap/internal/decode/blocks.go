package decode

import (
	"bytes"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/plumb-dev/plumb/heap/internal/column"
)

// store takes numbers of an array: values[0] is the one at position base, and
// values[i] stands at byte place(i) of the text. Calls come from several
// goroutines, for different positions.
type store func(base int64, values []uint32, place func(i int) int64) error

// block is a worker's share of an array: text with whole numbers, and the
// chain along which the position is passed.
type block struct {
	text   []byte
	offset int64
	base   <-chan int64 // how many numbers come before this block
	next   chan<- int64 // how many come before the next
	free   []byte       // the buffer that text is part of
}

// place finds where number i of the block begins; only faults ask for it.
func (b *block) place(i int) int64 {
	inside := false
	for at, c := range b.text {
		was := inside
		inside = numeric(c)
		if !inside || was {
			continue
		}
		if i == 0 {
			return b.offset + int64(at)
		}
		i--
	}
	return b.offset
}

// numbers reads a flat array of numbers, both the bracket before and behind
// it, and returns how many there were.
func (s *scanner) numbers(what string, put store) (int64, error) {
	if err := s.expect('[', what); err != nil {
		return 0, err
	}
	buffers := sync.Pool{New: func() any { b := make([]byte, blockSize); return &b }}
	group, ctx := errgroup.WithContext(s.ctx)
	blocks := make(chan block, 2)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() error {
			values := make([]uint32, 0, blockSize/2)
			var failed error
			for b := range blocks { // also after a fault: the chain must go on
				var read, bad int
				values, read = plainNumbers(values[:0], b.text)
				values, bad = appendNumbers(values, b.text[read:])
				base := <-b.base
				b.next <- base + int64(len(values))
				if failed != nil {
					continue
				}
				if bad >= 0 {
					bad += read
					failed = corrupt(b.offset+int64(bad), "%q among the numbers of %s", b.text[bad], what)
				} else {
					failed = put(base, values, b.place)
				}
				buffers.Put(&b.free)
			}
			return failed
		})
	}

	last := make(chan int64, 1)
	last <- 0
	var stop error
	for done := false; !done && stop == nil; {
		if s.pos == s.end && !s.fill() {
			stop = s.stopped(what)
			break
		}
		cut := bytes.IndexByte(s.buf[s.pos:s.end], ']')
		if done = cut >= 0; done {
			cut += s.pos
		} else if cut = lastBoundary(s.buf[s.pos:s.end]) + s.pos; cut == s.pos {
			// No boundary yet: either a cut-off number or nonsense.
			if s.end-s.pos >= blockSize/2 {
				stop = corrupt(s.at(), "a number of more than %d digits in %s", blockSize/2, what)
			} else if !s.fill() {
				stop = s.stopped(what)
			}
			continue
		}
		next := make(chan int64, 1)
		b := block{text: s.buf[s.pos:cut], offset: s.at(), base: last, next: next, free: s.buf}
		last = next
		fresh := *buffers.Get().(*[]byte)
		s.offset += int64(cut)
		s.end = copy(fresh, s.buf[cut:s.end])
		s.pos = 0
		s.buf = fresh
		select {
		case blocks <- b:
		case <-ctx.Done():
			next <- 0 // nobody will
			stop = ctx.Err()
		}
		if !done && stop == nil {
			s.read()
			if s.err != nil {
				stop = s.stopped(what)
			}
		}
	}
	close(blocks)
	if err := group.Wait(); err != nil {
		return 0, err // a fault in the text says more than the stop it caused
	}
	if stop != nil {
		return 0, stop
	}
	s.pos++ // the bracket
	return <-last, nil
}

// lastBoundary is the length of the text up to and with its last byte that is
// no part of a number, 0 when every byte is.
func lastBoundary(text []byte) int {
	for i := len(text); i > 0; i-- {
		if !numeric(text[i-1]) {
			return i
		}
	}
	return 0
}

// flat reads a flat array of numbers into a column of a.
func flat[T uint32 | uint64](s *scanner, a *column.Arena, what string) ([]T, error) {
	if err := s.expect('[', what); err != nil {
		return nil, err
	}
	all, err := column.Make[T](a, s.atMost(2))
	if err != nil {
		return nil, err
	}
	all = all[:0]
	var values []T
	for {
		if s.pos == s.end && !s.fill() {
			return nil, s.stopped(what)
		}
		cut := bytes.IndexByte(s.buf[s.pos:s.end], ']')
		done := cut >= 0
		if !done {
			if cut = lastBoundary(s.buf[s.pos:s.end]); cut == 0 {
				if s.end-s.pos >= blockSize/2 {
					return nil, corrupt(s.at(), "a number of more than %d digits in %s", blockSize/2, what)
				}
				if !s.fill() {
					return nil, s.stopped(what)
				}
				continue
			}
		}
		var bad int
		values, bad = appendNumbers(values[:0], s.buf[s.pos:s.pos+cut])
		if bad >= 0 {
			return nil, corrupt(s.at()+int64(bad), "%q among the numbers of %s", s.buf[s.pos+bad], what)
		}
		if all, err = column.Grow(a, all, len(all)+len(values)); err != nil {
			return nil, err
		}
		all = append(all, values...)
		s.pos += cut
		if done {
			s.pos++
			return column.Fit(a, all)
		}
	}
}
