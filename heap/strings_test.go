package heap_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
	"github.com/plumb-dev/plumb/internal/testheap"
)

// withStrings is the smallest snapshot around the encoded text of a table of
// strings; the first is the name of its only node.
func withStrings(encoded string) []byte {
	return []byte(`{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],` +
		`"node_types":[["object"]],"edge_fields":["type","name_or_index","to_node"],"edge_types":[["internal"]]},` +
		`"node_count":1,"edge_count":0},"nodes":[0,0,1,8,0],"edges":[],"strings":[` + encoded + `]}`)
}

// TestStrings holds how the text of a JSON string is read.
func TestStrings(t *testing.T) {
	for encoded, want := range map[string]string{
		``:                         "",
		`plain`:                    "plain",
		`\"\\\/\b\f\n\r\t`:         "\"\\/\b\f\n\r\t",
		`\u0041\u00e9\u20AC`:       "Aé€",
		`\u0000`:                   "\x00",
		`\\u0041`:                  `\u0041`,
		`\uD83D\uDE00`:             "😀", // a pair, written as two escapes
		`x\uD83Dx`:                 "x\xED\xA0\xBDx",
		`\uDE00\uD83D`:             "\xED\xB8\x80\xED\xA0\xBD",
		`\uD83D\uD83D\uDE00`:       "\xED\xA0\xBD😀",
		`\uD83D\n`:                 "\xED\xA0\xBD\n",
		`\uF600`:                   "\uF600", // how V8 writes U+1F600
		"é😀":                       "é😀",
		"\x7F":                     "\x7F",
		"a\xFFb":                   "a\uFFFDb",                 // never a first byte
		"\x80\x80":                 "\uFFFD\uFFFD",             // two stray bytes
		"\xE2\x82":                 "\uFFFD",                   // cut off: one
		"\xE2\x82A":                "\uFFFDA",                  // a part, then a character
		"\xF0\x9F\x98":             "\uFFFD",                   // three of four
		"\xF0\x80\x80\x80":         "\uFFFD\uFFFD\uFFFD\uFFFD", // too long: each its own
		"\xE0\x80\x80":             "\uFFFD\uFFFD\uFFFD",
		"\xC0\xAF":                 "\uFFFD\uFFFD",
		"\xF4\x90\x80\x80":         "\uFFFD\uFFFD\uFFFD\uFFFD", // past U+10FFFF
		"\xED\xA0\xBD":             "\uFFFD\uFFFD\uFFFD",       // a surrogate is no UTF-8
		"\xED\xA0\xBD\xED\xB8\x80": strings.Repeat("\uFFFD", 6),
		`\uD83D` + "\xED\xB8\x80":  "\xED\xA0\xBD\uFFFD\uFFFD\uFFFD",
		`\q\u12G4`:                 "q\uFFFD12G4", // no JSON; read as what it resembles
	} {
		s := read(t, withStrings(`"`+encoded+`","next"`))
		if got := s.Name(0); got != want {
			t.Errorf("%q reads as %+q, want %+q", encoded, got, want)
		}
		if s.StringCount() != 2 || s.String(1) != "next" {
			t.Errorf("behind %q: %d strings, the next is %q", encoded, s.StringCount(), s.String(1))
		}
	}
}

// TestStringsRoundTrip writes any JavaScript string in every way that writers
// have and reads it back.
func TestStringsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		units := rapid.SliceOfN(rapid.OneOf(
			rapid.SampledFrom([]uint16{'a', '"', '\\', '\n', 0, 0x7F, 0xE9, 0xD83D, 0xDE00, 0xFFFD, 0x2028}),
			rapid.Uint16(),
		), 0, 8).Draw(t, "units")
		raw := rapid.Bool().Draw(t, "raw")
		var encoded strings.Builder
		for i := 0; i < len(units); i++ {
			pair := rune(-1)
			if i+1 < len(units) {
				if pair = utf16.DecodeRune(rune(units[i]), rune(units[i+1])); pair == 0xFFFD {
					pair = -1
				}
			}
			switch u := rune(units[i]); {
			case raw && pair >= 0:
				encoded.WriteRune(pair)
				i++
			case raw && u >= ' ' && u != '"' && u != '\\' && !utf16.IsSurrogate(u):
				encoded.WriteRune(u)
			default:
				fmt.Fprintf(&encoded, rapid.SampledFrom([]string{`\u%04x`, `\u%04X`}).Draw(t, "form"), u)
			}
		}
		s, err := heap.Read(t.Context(), bytes.NewReader(withStrings(`"`+encoded.String()+`"`)), heap.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		got := s.Name(0)
		if wtf8.Len(got) != len(units) || wtf8.Clean(got) != string(utf16.Decode(units)) {
			t.Fatalf("%s reads as %+q, want %04X", encoded.String(), got, units)
		}
		if i := slices.IndexFunc(units, func(u uint16) bool { return utf16.IsSurrogate(rune(u)) }); i < 0 && got != string(utf16.Decode(units)) {
			t.Fatalf("%s reads as %+q", encoded.String(), got)
		}
	})
}

// TestFindStrings holds that all copies of a text are found, also when they
// are written with escapes: those that the engine looks for, and any other.
func TestFindStrings(t *testing.T) {
	s := read(t, withStrings(`"Object","x","\u004fbject","x","\u0078","system \/ Context","system / Context"`))
	for text, want := range map[string][]heap.StringID{
		"Object": {0, 2}, "x": {1, 3, 4}, "system / Context": {5, 6}, "Array": nil, "none": nil,
	} {
		if got := s.FindStrings(text); !slices.Equal(got, want) {
			t.Errorf("FindStrings(%q) is %v, want %v", text, got, want)
		}
	}
	b := testheap.New()
	div := b.Node("native", "<div>", 8)
	b.Set(div, "detachedness", 2)
	renamed := b.Open(t)
	if got := renamed.FindStrings("Detached <div>"); len(got) != 1 || renamed.NameID(div) != got[0] {
		t.Errorf("the new name is %v, node has %d", got, renamed.NameID(div))
	}
}

// TestBlocks moves a file over the place where one block of the reader ends and
// the next begins: every token behind the header is cut once everywhere.
func TestBlocks(t *testing.T) {
	const block = 256 << 10
	b := full()
	b.Format.Layout = testheap.Minified
	text := b.JSON()
	want := dump(read(t, text))
	header := bytes.Index(text, []byte(`"nodes"`))
	for at := 0; at < len(text); at += stride() {
		if at < header {
			at += 40
		}
		moved := append(bytes.Repeat([]byte(" "), block-at), text...)
		if got := dump(read(t, moved)); got != want {
			t.Fatalf("cut between %q and %q:\n%s\nwant\n%s", text[max(0, at-20):at], text[at:min(len(text), at+20)], got, want)
		}
	}
}

// TestLongStrings has strings of several blocks: plain, of escapes, of
// characters of every length, so that each is cut at some block's end.
func TestLongStrings(t *testing.T) {
	const block = 256 << 10
	for i, unit := range []string{"x", `\\`, `\"`, `é`, `\u00e9`, `😀`, `\uD83D\uDE00`, `abcdef\n`} {
		for shift := 0; shift < 12; shift += stride() {
			long := strings.Repeat("y", shift) + strings.Repeat(unit, block*9/8/len(unit))
			s := read(t, withStrings(`"`+long+`","Object","`+long+`z"`))
			decoded := strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\u00e9`, "é", `\uD83D\uDE00`, "😀", `\n`, "\n").Replace(long)
			if s.String(0) != decoded || s.String(2) != decoded+"z" || s.String(1) != "Object" {
				t.Fatalf("unit %d shifted by %d: lengths %d %d, want %d", i, shift, len(s.String(0)), len(s.String(2)), len(decoded))
			}
			if got := s.FindStrings("Object"); !slices.Equal(got, []heap.StringID{1}) {
				t.Fatalf("unit %d shifted by %d: Object is %v", i, shift, got)
			}
			_ = s.Close()
		}
	}
}
