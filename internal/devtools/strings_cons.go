package devtools

import (
	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
)

// consTexts is [View.DisplayName] for many concatenated strings. A program
// that appends to a string in a loop leaves a chain of them, each with the one
// before as its first part; to walk down to its beginning from every one would
// take the square of its length (and does in DevTools). But a text is cut at
// 1024 units, so most of the chain has one and the same text.
type consTexts struct {
	view  *View
	names consNames
	full  map[heap.Node]string // texts of long chains, cut
}

func newConsTexts(v *View) *consTexts {
	return &consTexts{view: v, names: newConsNames(v.snap), full: map[heap.Node]string{}}
}

// of is the display name of n.
func (t *consTexts) of(n heap.Node) string {
	const shortChain = 64 // not worth remembering
	var chain []heap.Node // n and its first parts
	at := n
	for t.view.snap.Type(at) == heap.ConcatenatedString && len(chain) < maxConsSteps {
		if text, ok := t.full[at]; ok {
			t.keep(chain, text)
			return text
		}
		chain = append(chain, at)
		at, _ = t.names.parts(t.view.snap, at)
	}
	// The lowest full text is at most some 1024 parts above the end.
	for up := shortChain; up < len(chain); up *= 2 {
		i := len(chain) - up
		text := t.view.DisplayName(chain[i])
		if wtf8.Len(text) < maxConsNameLen {
			continue
		}
		t.keep(chain[:i+1], text)
		return text
	}
	return t.view.DisplayName(n)
}

func (t *consTexts) keep(chain []heap.Node, text string) {
	for _, n := range chain {
		t.full[n] = text
	}
}
