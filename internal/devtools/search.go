package devtools

import (
	"bytes"
	"context"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/plumb-dev/plumb/heap"
)

// SearchQuery is what to look for in the names of nodes.
type SearchQuery struct {
	Text string
	// Regex reads Text as a JavaScript regular expression without flags, see
	// [ParseJSRegexp]; upper and lower case then always differ.
	Regex         bool
	CaseSensitive bool
}

// Search lists the nodes whose display name contains the query, in node order.
// Nodes without a size of their own are left out: no grid shows them. A keep
// that is not nil decides which nodes are looked at.
func (v *View) Search(ctx context.Context, q SearchQuery, keep func(heap.Node) bool) ([]heap.Node, error) {
	search, err := v.newSearcher(q)
	if err != nil {
		return nil, err
	}
	var all []heap.Node // all of the heap without keep, which need not stand two calls at once
	count := v.snap.NodeCount()
	if keep != nil {
		for n := range heap.Node(count) {
			if n%searchPoll == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if keep(n) {
				all = append(all, n)
			}
		}
		count = len(all)
	}
	share := count/runtime.GOMAXPROCS(0) + 1
	found := make([][]heap.Node, (count+share-1)/share)
	work, ctx := errgroup.WithContext(ctx)
	for i := range found {
		work.Go(func() error {
			s := search
			for at := i * share; at < min((i+1)*share, count); at++ {
				if at%searchPoll == 0 && ctx.Err() != nil {
					return ctx.Err()
				}
				n := heap.Node(at)
				if keep != nil {
					n = all[at]
				}
				if v.snap.ShallowSize(n) > 0 && s.matches(n) {
					found[i] = append(found[i], n)
				}
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(found...), nil
}

// searchPoll is how many nodes are looked at between two looks at the context.
const searchPoll = 1 << 16

// searcher looks at nodes, one at a time.
type searcher struct {
	*View
	re            *JSRegexp // nil when a text is searched for
	want          []byte    // this, folded unless upper and lower case differ
	caseSensitive bool
	plain         []heap.StringID

	text, folded []byte
	known        []answer // of the raw names, by string: many nodes share one
}

func (v *View) newSearcher(q SearchQuery) (s searcher, err error) {
	s = searcher{View: v, want: []byte(q.Text), caseSensitive: q.CaseSensitive, plain: v.snap.FindStrings("Object")}
	if q.Regex {
		s.re, err = ParseJSRegexp(q.Text)
	}
	if !s.caseSensitive {
		s.want = appendFolded(nil, s.want)
	}
	return s, err
}

type answer uint8

const (
	unasked answer = iota
	no
	yes
)

func (s *searcher) matches(n heap.Node) bool {
	id := s.snap.NameID(n)
	if t := s.snap.Type(n); t == heap.ConcatenatedString || t == heap.Object && contains(s.plain, id) { // a composed name
		s.text = append(s.text[:0], s.DisplayName(n)...)
		return s.match(s.text)
	}
	for int(id) >= len(s.known) {
		s.known = append(s.known, make([]answer, max(s.snap.StringCount(), int(id)+1)-len(s.known))...)
	}
	if s.known[id] == unasked {
		s.known[id] = no
		s.text = s.snap.AppendString(s.text[:0], id)
		if s.match(s.text) {
			s.known[id] = yes
		}
	}
	return s.known[id] == yes
}

func (s *searcher) match(text []byte) bool {
	switch {
	case s.re != nil:
		return s.re.MatchString(string(text))
	case s.caseSensitive:
		return bytes.Contains(text, s.want)
	}
	s.folded = appendFolded(s.folded[:0], text)
	return bytes.Contains(s.folded, s.want)
}
