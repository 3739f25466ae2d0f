package devtools

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/heap"
)

func TestSearch(t *testing.T) {
	b, add := withRoot()
	add("object", "Session", 8)
	add("string", "the session of \u00C9mile", 8)
	add("object", "session store", 0) // without a size: no grid shows it
	plain := add("object", "Object", 8)
	b.Edge(plain, "property", "sessions", 1)
	cons := add("concatenated string", "", 8)
	b.Edge(cons, "internal", "first", add("string", "ses", 8))
	b.Edge(cons, "internal", "second", add("string", "sion", 8))
	add("object", "Object", 8)
	add("closure", "Session", 8)
	v := view(t, b)
	for _, test := range []struct {
		query SearchQuery
		keep  func(heap.Node) bool
		want  string
	}{
		{SearchQuery{Text: "session"}, nil, "[1 2 4 5 9]"},
		{SearchQuery{Text: "SESSION"}, nil, "[1 2 4 5 9]"},
		{SearchQuery{Text: "Session", CaseSensitive: true}, nil, "[1 9]"},
		{SearchQuery{Text: "\u00E9MILE"}, nil, "[2]"},
		{SearchQuery{Text: "s.*n$", Regex: true}, nil, "[1 5 7 9]"},
		{SearchQuery{Text: "S.*n$", Regex: true}, nil, "[1 9]"},
		{SearchQuery{Text: "s.*n"}, nil, "[]"},
		{SearchQuery{Text: "object"}, nil, "[]"}, // the names shown are {sessions} and {}
		{SearchQuery{Text: "{}"}, nil, "[8]"},
		{SearchQuery{Text: "session"}, func(n heap.Node) bool { return n > 4 }, "[5 9]"},
	} {
		got, err := v.Search(t.Context(), test.query, test.keep)
		if err != nil || fmt.Sprint(got) != test.want {
			t.Errorf("search %+v: %v %v, want %s", test.query, got, err, test.want)
		}
	}
	if _, err := v.Search(t.Context(), SearchQuery{Text: "(", Regex: true}, nil); err == nil {
		t.Error("a broken expression is no error")
	}
}

// TestFoldCase lists pairs and whether JavaScript's /a/i.test(b) says yes.
func TestFoldCase(t *testing.T) {
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{"abc", "aBC", true},
		{"\u00E9", "\u00C9", true},
		{"\u03C3", "\u03C2", true},          // both lower case sigmas are \u03A3
		{"k", "\u212A", false},              // Kelvin sign
		{"s", "\u017F", false},              // long s: its upper case is ASCII
		{"\u00DF", "SS", false},             // two characters in upper case
		{"\u1F80", "\u1F88", false},         // so have these
		{"\u00B5", "\u03BC", true},          // micro and mu
		{"\U00010400", "\U00010428", false}, // no case beyond U+FFFF
		{"\xED\xA0\xBD", "\xED\xA0\xBD", true},
	} {
		if got := bytes.Equal(appendFolded(nil, []byte(test.a)), appendFolded(nil, []byte(test.b))); got != test.same {
			t.Errorf("%+q and %+q: %v, want %v", test.a, test.b, got, test.same)
		}
	}
}

// TestJSRegexp lists expressions, a text, and what JavaScript says.
func TestJSRegexp(t *testing.T) {
	for _, test := range []struct {
		source, text string
		match        bool
	}{
		{"^a.c$", "abc", true},
		{"^a.c$", "a\nc", false},
		{"^a.c$", "a\rc", false},
		{"^a.c$", "a\u2028c", false},
		{"^a[.]c$", "abc", false},
		{`^\s$`, "\u00A0", true},
		{`^\s$`, "\v", true},
		{`^[\s]$`, "\uFEFF", true},
		{`^\S$`, "\u3000", false},
		{`^[\Sx]$`, "\u3000", false},
		{`^[^\S]$`, "\u3000", true},
		{`^\w$`, "\u00E9", false},
		{`^\d$`, "\u0663", false},
		{`\u0041\x42`, "AB", true},
		{`\u{2}`, "uu", true},
		{"[]", "a", false},
		{"^[^]$", "\n", true},
		{"[]a]", "a]", false},
		{`^\A\z\Q$`, "AzQ", true},
		{`^\pL$`, "pL", true},
		{"^[[:alpha:]]$", "a]", true},
		{"^[[:alpha:]]$", "a", false},
		{`^[\b]$`, "\b", true},
		{`\bis\b`, "this is", true},
		{`^\/\-$`, "/-", true},
		{`a$`, "a\n", false},
		{`(?<word>a+)b`, "aab", true},
		{`\0`, "\x00", true},
		{"\u00E9+$", "\u00E9\u00E9", true},
		{"^.$", "\U0001F600", false}, // two units
		{"^..$", "\U0001F600", true},
		{"^.$", "\xED\xA0\xBD", true}, // half of one
		{`\uD83D`, "\U0001F600", true},
		{"\U0001F600", "a\U0001F600", true},
		{"^[\U0001F600]$", "\U0001F600", false},
		{`^[^a]{2}$`, "\U0001F600", true},
		{`^[\u0100-\uFFFF]+$`, "\U0001F600\uFFFD", true},
		{`^[\uD800-\uDBFF][\uDC00-\uDFFF]$`, "\U0001F600", true},
		{`^\S\W\D$`, "\U0001F600\uFF21", true},
	} {
		re, err := ParseJSRegexp(test.source)
		if err != nil {
			t.Errorf("%s: %v", test.source, err)
		} else if got := re.MatchString(test.text); got != test.match {
			t.Errorf("/%s/.test(%q) is %v, want %v (as %s)", test.source, test.text, got, test.match, re.re)
		}
	}
	for _, source := range []string{"(?=a)", "(?<!a)b", `(a)\1`, "a{1001}", `\`, "["} {
		if _, err := ParseJSRegexp(source); err == nil || !strings.Contains(err.Error(), "regular expression") {
			t.Errorf("%s: error %v", source, err)
		}
	}
}
