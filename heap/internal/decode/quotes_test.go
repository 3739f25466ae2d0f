package decode

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestQuotes: wherever the text is cut, the quotes are those that no backslash
// escapes, the backslash being none that is escaped itself.
func TestQuotes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{
			`"`, `\`, `\\`, `\"`, "a", "é", ",\n", strings.Repeat(`\`, 63), strings.Repeat(`\`, 64),
			strings.Repeat("x", 61), strings.Repeat(`"`, 70), strings.Repeat("x", 300),
		})
		text := strings.Join(rapid.SliceOfN(piece, 0, 60).Draw(t, "pieces"), "")
		var want []int
		escaped := false
		for i, c := range []byte(text) {
			if c == '"' && !escaped {
				want = append(want, i)
			}
			escaped = c == '\\' && !escaped
		}
		var got []int
		var find quotes
		for at := 0; at < len(text); {
			end := at + rapid.IntRange(1, min(chunk, len(text)-at)).Draw(t, "cut")
			for _, i := range find.in([]byte(text[at:end])) {
				got = append(got, at+int(i))
			}
			at = end
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q has quotes at %d, want %d", text, got, want)
		}
		if find.escaped != escaped {
			t.Fatalf("%q ends escaped: %v, want %v", text, find.escaped, escaped)
		}
	})
}
