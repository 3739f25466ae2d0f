package wtf8

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// units draws JavaScript strings as their code units, near the places where
// byte order and code unit order part.
var units = rapid.Custom(func(t *rapid.T) []uint16 {
	near := rapid.SampledFrom([]uint16{
		0, 'a', 'b', '"', '\\', '\n', 0x1F, 0x7F, 0x80, 0x7FF, 0x800, 0xD000, 0xD7FF,
		0xD800, 0xD801, 0xDBFF, 0xDC00, 0xDC01, 0xDFFF, 0xE000, 0xEFFF, 0xF000, 0xFFFD, 0xFFFF,
	})
	return rapid.SliceOfN(rapid.OneOf(near, rapid.Uint16()), 0, 6).Draw(t, "units")
})

// encode writes code units as WTF-8 by the definition: pairs joined, other
// surrogates as three bytes.
func encode(units []uint16) string {
	var b []byte
	for i := 0; i < len(units); i++ {
		u := rune(units[i])
		if i+1 < len(units) && utf16.DecodeRune(u, rune(units[i+1])) != utf8.RuneError {
			b = utf8.AppendRune(b, utf16.DecodeRune(u, rune(units[i+1])))
			i++
		} else if utf16.IsSurrogate(u) {
			b = append(b, 0xE0|byte(u>>12), 0x80|byte(u>>6&0x3F), 0x80|byte(u&0x3F))
		} else {
			b = utf8.AppendRune(b, u)
		}
	}
	return string(b)
}

func TestCompare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := units.Draw(t, "a"), units.Draw(t, "b")
		if rapid.Bool().Draw(t, "share a start") {
			b = slices.Concat(a[:rapid.IntRange(0, len(a)).Draw(t, "shared")], b)
		}
		got, want := Compare(encode(a), encode(b)), slices.Compare(a, b)
		if sign(got) != want {
			t.Fatalf("Compare of %04X and %04X is %d, want %d", a, b, got, want)
		}
	})
}

func TestCompareExamples(t *testing.T) {
	// In order.
	texts := []string{
		"", "a", "aa", "a\U00010000", "\uD7FF",
		"\xED\xA0\x80",  // D800
		"\xED\xA0\x80a", // D800 'a'
		"\U00010000",    // D800 DC00
		"\xED\xA0\x81",  // D801
		"\U00010400",    // D801 DC00
		"\xED\xB0\x80",  // DC00
		"\uE000", "\uFFFF",
	}
	for i, a := range texts {
		for j, b := range texts {
			if got, want := sign(Compare(a, b)), sign(i-j); got != want {
				t.Errorf("Compare(%+q, %+q) is %d, want %d", a, b, got, want)
			}
		}
	}
	for _, broken := range []string{"\xF0", "\xED", "\xF0\x90", "\xEF\xBF", "\xFF\xFF\xFF\xFF", "\xF4\x9F\xBF\xBF"} {
		for _, text := range append(texts, "\xED\x80", "\xFF") {
			if Compare(broken, text) != 0 && sign(Compare(broken, text)) != -sign(Compare(text, broken)) {
				t.Errorf("Compare(%q, %q) contradicts itself", broken, text)
			}
		}
	}
}

func sign(n int) int { return max(-1, min(1, n)) }

func TestLen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := units.Draw(t, "text")
		if got := Len(encode(u)); got != len(u) {
			t.Fatalf("Len of %04X is %d, want %d", u, got, len(u))
		}
	})
}

func TestConcat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(units, 0, 4).Draw(t, "parts")
		texts := make([]string, len(parts))
		var built strings.Builder
		for i, p := range parts {
			texts[i] = encode(p)
			Append(&built, texts[i])
		}
		want := encode(slices.Concat(parts...))
		if got := Concat(texts...); got != want {
			t.Fatalf("Concat(%+q) is %+q, want %+q", texts, got, want)
		}
		if built.String() != want {
			t.Fatalf("Append of %+q gave %+q, want %+q", texts, built.String(), want)
		}
	})
}

func TestConcatExamples(t *testing.T) {
	for _, high := range []uint16{0xD800, 0xDBFF} {
		for _, low := range []uint16{0xDC00, 0xDFFF} {
			want := string(utf16.DecodeRune(rune(high), rune(low)))
			if got := Concat(encode([]uint16{'a', high}), encode([]uint16{low, 'b'})); got != "a"+want+"b" {
				t.Errorf("Concat of %04X and %04X is %+q", high, low, got)
			}
		}
	}
}

func TestClean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := units.Draw(t, "text")
		if got, want := Clean(encode(u)), string(utf16.Decode(u)); got != want {
			t.Fatalf("Clean of %04X is %+q, want %+q", u, got, want)
		}
	})
	if got := Clean("a\xFF\xEDb"); got != "a\uFFFD\uFFFDb" {
		t.Errorf("Clean of bytes that are no text is %+q", got)
	}
}

func TestQuote(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := units.Draw(t, "text")
		got := Quote(encode(u))
		if !utf8.ValidString(got) {
			t.Fatalf("Quote of %04X is no UTF-8: %q", u, got)
		}
		var back string
		if err := json.Unmarshal([]byte(got), &back); err != nil {
			t.Fatalf("Quote of %04X is %s: %v", u, got, err)
		}
		if want := string(utf16.Decode(u)); back != want {
			t.Fatalf("Quote of %04X reads as %+q, want %+q", u, back, want)
		}
	})
}

// TestQuoteExamples holds what JSON.stringify of Node gives.
func TestQuoteExamples(t *testing.T) {
	for text, want := range map[string]string{
		"":                             `""`,
		"a\"b\\c":                      `"a\"b\\c"`,
		"\b\f\n\r\t":                   `"\b\f\n\r\t"`,
		"\x00\x0B\x1F\x7F":             `"\u0000\u000b\u001f` + "\x7F" + `"`,
		"<a href='x'>&/":               `"<a href='x'>&/"`,
		"\u2028\u2029é😀\uFFFD":         `"` + "\u2028\u2029é😀\uFFFD" + `"`,
		"\xED\xA0\xBD":                 `"\ud83d"`,
		"\xED\xB8\x80\xED\xA0\xBDx":    `"\ude00\ud83dx"`,
		"\xED\xAF\xBF\xF0\x9F\x98\x80": `"\udbff😀"`,
	} {
		if got := Quote(text); got != want {
			t.Errorf("Quote(%+q) is %s, want %s", text, got, want)
		}
	}
}
