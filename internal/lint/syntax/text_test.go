package syntax

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// TestAround holds that what is left of a line has the place at its column, whole
// letters, and no more than was asked for.
func TestAround(t *testing.T) {
	units := func(s string) int { return len(utf16.Encode([]rune(s))) }
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SampledFrom([]string{"a", "é", "名", "\U0001F600", "\n", strings.Repeat("x", 500), strings.Repeat("é", 700)})
		src := strings.Join(rapid.SliceOfN(letters, 1, 40).Draw(t, "src"), "")
		text := newText(src)
		at := rapid.IntRange(0, len(src)).Draw(t, "at")
		for at < len(src) && !utf8.RuneStart(src[at]) {
			at++
		}
		p, _ := text.position(at)
		line, _ := text.line(p.Line)
		most := rapid.IntRange(0, 1500).Draw(t, "most")
		got, column := text.around(p, most)
		before, rest := line[:at-text.lines[p.Line-1]], line[at-text.lines[p.Line-1]:]
		left := len(got)
		for left = range got + "." {
			if units(got[:left]) == column-1 {
				break
			}
		}
		if !utf8.ValidString(got) || !strings.HasSuffix(before, got[:left]) || !strings.HasPrefix(rest, got[left:]) {
			t.Fatalf("%q, column %d, around %+v of %q", got, column, p, line)
		}
		if left > most+3 || left < min(len(before), most) || len(got)-left > most+3 || len(got)-left < min(len(rest), most) {
			t.Fatalf("%d and %d bytes, want %d", left, len(got)-left, most)
		}
	})
	if got, column := newText("abc").around(Position{2, 1}, 5); got != "" || column != 0 {
		t.Errorf("%q, %d of a line that is not there", got, column)
	}
}
