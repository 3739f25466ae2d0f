package devtools

import (
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/heap"
)

func TestPlainObjectName(t *testing.T) {
	x40 := strings.Repeat("x", 40)
	for _, test := range []struct {
		properties []string
		want       string
	}{
		{nil, "{}"},
		{[]string{"a"}, "{a}"},
		{[]string{"a", "b", "c"}, "{a, b, c}"},
		{[]string{"__proto__", "a", "b", "__proto__"}, "{a, b}"},
		{[]string{"a'", "b"}, `{"a'", b}`},
		{[]string{x40, "b", "c", x40, "d"}, "{" + x40 + ", b, c, " + x40 + ", d}"},
		{[]string{x40, x40, "c", x40, "d"}, "{" + x40 + ", " + x40 + ", …, d}"},
		{[]string{x40 + x40 + x40, "b"}, "{" + x40 + x40 + x40 + ", …}"},
		{[]string{"", "a"}, "{, a}"},
		{[]string{"a", ""}, "{a}"},
	} {
		b, nodes := plainObjects([][]string{test.properties})
		if got := view(t, b).DisplayName(nodes[0]); got != test.want {
			t.Errorf("name of %q is %q, want %q", test.properties, got, test.want)
		}
	}
}

func TestConsStringName(t *testing.T) {
	b, add := withRoot()
	cons := func(first, second heap.Node) heap.Node {
		n := add("concatenated string", "raw", 20)
		b.Edge(n, "internal", "first", first)
		b.Edge(n, "internal", "second", second)
		return n
	}
	ab := cons(add("string", "a", 8), add("string", "b", 8))
	abab := cons(ab, ab)
	high, low := add("string", "\xED\xA0\xBD", 8), add("string", "\xED\xB8\x80", 8) // D83D, DE00
	smile := cons(high, low)
	almost := add("string", strings.Repeat("x", 1023), 8)
	full := add("string", strings.Repeat("x", 1024), 8)
	missing := add("concatenated string", "raw", 20)
	b.Edge(missing, "internal", "second", ab)
	// Parts are added until there are 1024 units, and the last one is whole.
	for _, test := range []struct {
		n    heap.Node
		want string
	}{
		{abab, "abab"},
		{smile, "\U0001F600"},
		{missing, "ab"}, // and the root's name, which is empty
		{cons(almost, ab), strings.Repeat("x", 1023) + "a"},
		{cons(full, ab), strings.Repeat("x", 1024)},
		{cons(smile, full), "\U0001F600" + strings.Repeat("x", 1024)},
	} {
		if got := view(t, b).DisplayName(test.n); got != test.want {
			t.Errorf("name %.20q has %d bytes, want %.20q, %d bytes", got, len(got), test.want, len(test.want))
		}
	}
	// DevTools would follow this one for ever.
	loop := add("concatenated string", "raw", 20)
	b.Edge(loop, "internal", "first", loop)
	b.Edge(loop, "internal", "second", loop)
	if got := view(t, b).DisplayName(loop); got != "" {
		t.Errorf("name of a loop is %q", got)
	}
}
