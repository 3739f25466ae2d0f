package decode

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestAppendNumbers writes numbers of every length with every separator and
// reads them back, modulo 2^32 and 2^64.
func TestAppendNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		var narrow []uint32
		var wide []uint64
		for range rapid.IntRange(0, 20).Draw(t, "count") {
			text.WriteString(rapid.SampledFrom([]string{"", "-", " ", "- ", "\r\n\t"}).Draw(t, "before"))
			digits := rapid.StringMatching(`[0-9]{1,22}`).Draw(t, "digits")
			n, _ := new(big.Int).SetString(digits, 10)
			narrow = append(narrow, uint32(new(big.Int).And(n, big.NewInt(1<<32-1)).Uint64()))
			wide = append(wide, new(big.Int).And(n, new(big.Int).SetUint64(1<<64-1)).Uint64())
			text.WriteString(digits)
			text.WriteString(rapid.SampledFrom([]string{",", ",", "\n", " ", ", ", "\n,", "\t"}).Draw(t, "behind"))
		}
		b := []byte(text.String())
		if rapid.Bool().Draw(t, "no separator at the end") {
			b = []byte(strings.TrimRight(text.String(), ", \n\t"))
		}
		got32, bad := appendNumbers([]uint32{7}, b)
		if bad >= 0 || !slices.Equal(got32[1:], narrow) || got32[0] != 7 {
			t.Fatalf("%q reads as %d (%d), want %d", b, got32, bad, narrow)
		}
		got64, bad := appendNumbers([]uint64(nil), b)
		if bad >= 0 || !slices.Equal(got64, wide) {
			t.Fatalf("%q reads as %d (%d), want %d", b, got64, bad, wide)
		}
	})
}

// TestPlainNumbers: what the vectors read is what the loop reads.
func TestPlainNumbers(t *testing.T) {
	if !vectors {
		t.Skip("the processor has no vectors of 64 bytes")
	}
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(rapid.SampledFrom([]string{
			`[0-9]`, `[0-9]{1,3}`, `[0-9]{1,9}`, `[0-9]{6,8}`, `[0-9]{7,17}`, `[0-9]{14,18}`, `[0-9]{1,30}`,
		}).Draw(t, "shape"))
		some := rapid.SliceOfN(number, 1, 30).Draw(t, "numbers")
		separator := rapid.SampledFrom([]string{",", "\n", ",\n", "\n,"}).Draw(t, "separator")
		unit := strings.Join(some, separator) + separator
		text := strings.Repeat(",", rapid.IntRange(0, 70).Draw(t, "before")) + strings.Repeat(unit, 3*chunk/len(unit)+1)
		bad := rapid.IntRange(-1, len(text)-1).Draw(t, "bad")
		if bad >= 0 {
			text = text[:bad] + " " + text[bad:]
		}
		want, _ := appendNumbers([]uint32{7}, []byte(text))
		got, read := plainNumbers([]uint32{7}, []byte(text))
		if bad < 0 && read < len(text)-2*chunk || bad >= 0 && read > bad {
			t.Fatalf("%d of %d bytes read", read, len(text))
		}
		got, _ = appendNumbers(got, []byte(text[read:]))
		if !slices.Equal(got, want) {
			t.Fatalf("%q:\n%d, want\n%d", text, got, want)
		}
	})
}

// TestPlainNumbersSpan tries numbers that fill the 64 bytes of a vector, or pass
// them by little.
func TestPlainNumbersSpan(t *testing.T) {
	if !vectors {
		t.Skip("the processor has no vectors of 64 bytes")
	}
	const digits, others = "9876543210123456789", "1,22,333,4444,"
	for _, shape := range []struct {
		least, most, count int
		before, behind     string
	}{
		{6, 8, 8, "", ""}, {13, 16, 4, others, ""}, {13, 16, 4, "", others},
	} {
		for longest := range 1 << shape.count { // a set
			for length := shape.least; length < shape.most; length++ {
				unit := shape.before
				for i := range shape.count {
					unit += digits[i:][:length+(longest>>i&1)*(shape.most-length)] + ","
				}
				unit += shape.behind
				text := []byte(strings.Repeat(unit, 3*chunk/len(unit)))
				want, _ := appendNumbers([]uint32(nil), text)
				got, read := plainNumbers(nil, text)
				if got, _ = appendNumbers(got, text[read:]); read == 0 || !slices.Equal(got, want) {
					t.Fatalf("%s: %d of %d bytes read,\n%d, want\n%d", unit, read, len(text), got[:9], want[:9])
				}
			}
		}
	}
}

// TestAppendNumbersBad names the first byte that is no part of any number.
func TestAppendNumbersBad(t *testing.T) {
	for text, want := range map[string]int{
		"x": 0, "1,2,x3": 4, "12345678,1234567x,": 16, "1,null": 2, "\x00": 0, "1.2.3": 0, "5,1e": 2, "1,+2": 2,
		"1,\"2\"": 2, "1:2": 1, "1/2": 1, "11111111111x": 11,
	} {
		if _, bad := appendNumbers([]uint32(nil), []byte(text)); bad != want {
			t.Errorf("%q is bad at %d, want %d", text, bad, want)
		}
	}
}
