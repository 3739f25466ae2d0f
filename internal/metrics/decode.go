package metrics

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// decode reads what a probe says: one flat array in JSON, of numbers, texts and
// null for what is no number. It is read by hand, as encoding/json would take most
// of the time of a scrape.
func decode(text []byte) (*reading, error) {
	if bytes.HasPrefix(text, []byte("{")) {
		var failed struct{ Error string }
		if err := json.Unmarshal(text, &failed); err != nil {
			return nil, fmt.Errorf("decode figures: %w", err)
		}
		return nil, fmt.Errorf("measure: %s", failed.Error)
	}
	text = bytes.TrimSpace(text)
	if len(text) < 2 || text[0] != '[' || text[len(text)-1] != ']' {
		return nil, errors.New("decode figures: no array")
	}
	f := figures{rest: text[1 : len(text)-1]}
	r := f.reading()
	if f.err == nil && len(f.rest) > 0 {
		f.err = errors.New("more than expected")
	}
	if f.err != nil {
		return nil, fmt.Errorf("decode figures: %w", f.err)
	}
	return r, nil
}

// figures are the elements of an array that have not been read.
type figures struct {
	rest []byte
	err  error // the first
}

func (f *figures) reading() *reading {
	r := &reading{
		Version: f.word(), HeapTotal: f.number(), HeapUsed: f.number(), External: f.number(), ArrayBuffers: f.number(),
		Limit: f.number(), Lag: f.number(),
	}
	r.Spaces = list(f, func() space { return space{f.word(), f.number(), f.number(), f.number()} })
	if f.count() > 0 {
		r.Delay = &delay{
			Count: f.number(), Min: f.number(), Max: f.number(), Mean: f.number(), Stddev: f.number(),
			P50: f.number(), P90: f.number(), P99: f.number(),
		}
	}
	r.Resources, r.Handles, r.Requests = f.types(), f.types(), f.types()
	r.GC = list(f, func() collections { return collections{f.word(), f.durations(len(gcBounds))} })
	slices.SortFunc(r.GC, func(a, b collections) int { return cmp.Compare(a.Kind, b.Kind) })
	r.HTTP = list(f, func() exchange {
		return exchange{f.word(), f.word(), f.word(), f.durations(len(millisecondBounds))}
	})
	return r
}

func (f *figures) types() *types {
	if f.count() == 0 {
		return nil
	}
	t := &types{Total: f.number(), Types: list(f, func() typed { return typed{f.word(), f.number()} })}
	slices.SortFunc(t.Types, func(a, b typed) int { return cmp.Compare(a.Name, b.Name) })
	return t
}

func (f *figures) durations(bounds int) durations {
	d := durations{Sum: f.number(), Counts: make([]uint64, bounds+1)}
	for i := range d.Counts {
		d.Counts[i] = uint64(f.count())
	}
	return d
}

// list reads how many elements there are, and each.
func list[T any](f *figures, read func() T) []T {
	var all []T
	for n := f.count(); n > 0 && f.err == nil; n-- {
		all = append(all, read())
	}
	return all
}

// next is one element as it is written.
func (f *figures) next() []byte {
	if len(f.rest) == 0 {
		f.fail("less than expected")
		return nil
	}
	end := 0
	if f.rest[0] == '"' {
		for end = 1; end < len(f.rest) && f.rest[end] != '"'; end++ {
			if f.rest[end] == '\\' {
				end++
			}
		}
	}
	if comma := bytes.IndexByte(f.rest[min(end, len(f.rest)):], ','); comma >= 0 {
		element := f.rest[:end+comma]
		f.rest = f.rest[end+comma+1:]
		return element
	}
	element := f.rest
	f.rest = nil
	return element
}

func (f *figures) fail(format string, args ...any) {
	if f.err == nil {
		f.err = fmt.Errorf(format, args...)
	}
}

// word is a text.
func (f *figures) word() string {
	text := f.next()
	if len(text) >= 2 && text[0] == '"' && text[len(text)-1] == '"' && bytes.IndexByte(text, '\\') < 0 {
		return string(text[1 : len(text)-1])
	}
	var word string
	if err := json.Unmarshal(text, &word); err != nil && f.err == nil {
		f.fail("%q is no text", text)
	}
	return word
}

// number is NaN for what is none.
func (f *figures) number() float64 {
	text := f.next()
	if string(text) == "null" {
		return math.NaN()
	}
	n, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		f.fail("%q is no number", text)
	}
	return n
}

// count is a whole number, at least 0.
func (f *figures) count() int {
	text := f.next()
	n, err := strconv.ParseUint(string(text), 10, 63)
	if err != nil {
		f.fail("%q is no count", text)
	}
	return int(n)
}
