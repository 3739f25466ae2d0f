package column

import (
	"context"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// TestArena makes, fills, grows and frees columns at random: each is zero when
// it is new, keeps what was written, and shares memory with no other.
func TestArena(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var a Arena
		defer a.Close()
		type held struct {
			column []uint32
			fill   uint32
		}
		var all []held
		size := rapid.SampledFrom([]int{0, 1, 1000, small/4 - 1, small / 4, small, 3 * small})
		for step := range uint32(rapid.IntRange(1, 12).Draw(t, "steps")) {
			switch what := rapid.IntRange(0, 4).Draw(t, "what"); {
			case what <= 1 || len(all) == 0:
				c, err := Make[uint32](&a, size.Draw(t, "size"))
				if err != nil {
					t.Fatal(err)
				}
				if slices.ContainsFunc(c, func(v uint32) bool { return v != 0 }) {
					t.Fatal("a new column is not zero")
				}
				for i := range c {
					c[i] = step + 1
				}
				all = append(all, held{c, step + 1})
			case what == 2:
				i := rapid.IntRange(0, len(all)-1).Draw(t, "free")
				Free(&a, all[i].column)
				all = slices.Delete(all, i, i+1)
			case what == 3:
				a.Trim(size.Draw(t, "keep"))
			default:
				h := &all[rapid.IntRange(0, len(all)-1).Draw(t, "grow")]
				c, err := Grow(&a, h.column, len(h.column)+size.Draw(t, "more"))
				if err != nil {
					t.Fatal(err)
				}
				if len(c) != len(h.column) {
					t.Fatalf("%d numbers after growing, want %d", len(c), len(h.column))
				}
				h.column = c
			}
			for _, h := range all {
				for _, v := range h.column {
					if v != h.fill {
						t.Fatalf("a column of %d has %d", h.fill, v)
					}
				}
			}
		}
		if a.Peak() < a.Live() {
			t.Fatalf("peak %d below %d", a.Peak(), a.Live())
		}
		a.Close()
		if a.Live() != 0 {
			t.Fatalf("%d bytes live after Close", a.Live())
		}
	})
}

func TestViewOfBytes(t *testing.T) {
	c := []uint32{1, 2, 1 << 31}
	b := Bytes(c)
	if len(b) != 12 || !slices.Equal(View[uint32](b), c) || View[uint64](nil) != nil || Bytes([]uint8{}) != nil {
		t.Errorf("%v", b)
	}
}

func TestBits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "n")
		var a Arena
		bits, err := MakeBits(&a, n)
		if err != nil {
			t.Fatal(err)
		}
		want := map[uint32]bool{}
		for _, i := range rapid.SliceOf(rapid.Uint32Range(0, uint32(n)-1)).Draw(t, "members") {
			bits.Add(i)
			want[i] = true
		}
		for i := range uint32(n) {
			if bits.Has(i) != want[i] {
				t.Fatalf("%d: %v", i, bits.Has(i))
			}
		}
	})
}

// TestMakeTooMuch: what the system refuses is an error.
func TestMakeTooMuch(t *testing.T) {
	var a Arena
	defer a.Close()
	if _, err := Make[uint64](&a, 1<<57); err == nil {
		t.Error("a column of 2^60 bytes was made")
	}
}

// TestPopulate: pieces of any length and place keep what they hold, also while they
// are written.
func TestPopulate(t *testing.T) {
	var a Arena
	defer a.Close()
	const n = 5 << 20
	c, err := Make[uint32](&a, n)
	if err != nil {
		t.Fatal(err)
	}
	c[1], c[n-1] = 1, 2
	var beside sync.WaitGroup
	beside.Go(func() {
		for _, piece := range [][]uint32{c[:0], c[1 : n/2], c[n/2+3:], nil} {
			Populate(t.Context(), Bytes(piece))
		}
	})
	for i := 2; i < n-1; i++ {
		c[i] = uint32(i)
	}
	beside.Wait()
	for i := 2; i < n-1; i++ {
		if c[i] != uint32(i) {
			t.Fatalf("%d holds %d", i, c[i])
		}
	}
	if c[1] != 1 || c[n-1] != 2 {
		t.Errorf("the ends hold %d and %d", c[1], c[n-1])
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	Populate(canceled, Bytes(c)) // returns
}
