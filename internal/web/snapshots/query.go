package snapshots

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/devtools"
	"github.com/plumb-dev/plumb/internal/web/problem"
)

type queryInput struct {
	ID string `path:"id"`
	Q  string `query:"q" required:"true" doc:"class:Map retained>1MB id:123 name~^cache path:sessions type:string distance<5 detached, and words"`
	Window
}

const queryHint = "write it as: class:Map retained>1MB shallow<100kB id:123 name~^cache path:sessions type:string distance<5 detached"

// A condition says of a node whether it passes.
type condition func(heap.Node) bool

// query lists the objects that pass all conditions of a query, by retained size.
func (p *Part) query(ctx context.Context, in *queryInput) (page Page[Object], err error) {
	return page, p.shelf.lend(ctx, in.ID, func(b *book) error {
		v := b.view
		nodes, err := b.nodes("query "+in.Q, &in.Window, func() ([]heap.Node, error) {
			found, err := b.ask(ctx, in.Q)
			devtools.SortByNumber(found, v.Snapshot().RetainedSize, true)
			return found, err
		})
		page = listed(&in.Window, nodes, func(n heap.Node) Object { return newObject(v, n) })
		return err
	})
}

var term = regexp.MustCompile(`^([a-z]+)(:|~|>=|<=|>|<|=)(.+)$`)

// ask finds the nodes of a query. Words that are no conditions are searched for in
// names.
func (b *book) ask(ctx context.Context, q string) ([]heap.Node, error) {
	var conditions []condition
	var words []string
	var searches []devtools.SearchQuery
	for _, word := range strings.Fields(q) {
		if pattern, ok := strings.CutPrefix(word, "name~"); ok && pattern != "" {
			if _, err := devtools.ParseJSRegexp(pattern); err != nil {
				return nil, problem.New(http.StatusBadRequest, err, queryHint)
			}
			searches = append(searches, devtools.SearchQuery{Text: pattern, Regex: true})
			continue
		}
		c, err := b.condition(word)
		if err != nil {
			return nil, problem.New(http.StatusBadRequest, err, queryHint)
		}
		if c == nil {
			words = append(words, word)
		} else {
			conditions = append(conditions, c)
		}
	}
	if len(words) > 0 {
		searches = append(searches, devtools.SearchQuery{Text: strings.Join(words, " ")})
	}
	if len(conditions)+len(searches) == 0 {
		return nil, problem.New(http.StatusBadRequest, errors.New("the query is empty"), queryHint)
	}
	var found []heap.Node
	var keep condition // none: all are looked at
	if len(conditions) > 0 {
		var err error
		if found, err = b.meeting(ctx, conditions); err != nil {
			return nil, err
		}
		keep = among(found)
	}
	for _, search := range searches {
		var err error
		if found, err = b.view.Search(ctx, search, keep); err != nil {
			return nil, err
		}
		keep = among(found)
	}
	return found, nil
}

// among passes some nodes, which are in order.
func among(nodes []heap.Node) condition {
	return func(n heap.Node) bool {
		_, ok := slices.BinarySearch(nodes, n)
		return ok
	}
}

// meeting lists the nodes that meet all conditions.
func (b *book) meeting(ctx context.Context, conditions []condition) (found []heap.Node, err error) {
	s := b.view.Snapshot()
	for n := range heap.Node(s.NodeCount()) {
		if n&0xffff == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if s.ShallowSize(n) > 0 && !slices.ContainsFunc(conditions, func(c condition) bool { return !c(n) }) {
			found = append(found, n)
		}
	}
	return found, nil
}

// condition reads one word of a query; nil when it is none.
func (b *book) condition(word string) (condition, error) {
	v, s := b.view, b.view.Snapshot()
	if word == "detached" {
		return func(n heap.Node) bool { return s.Detachedness(n) == heap.Detached }, nil
	}
	m := term.FindStringSubmatch(word)
	if m == nil {
		return nil, nil //nolint:nilnil // a word
	}
	field, operator, value := m[1], m[2], m[3]
	switch field + operator {
	case "class:":
		return ofClass(v, func(name string) bool { return name == value }), nil
	case "class~":
		re, err := devtools.ParseJSRegexp(value)
		if err != nil {
			return nil, err
		}
		return ofClass(v, re.MatchString), nil
	case "name:":
		ids := s.FindStrings(value)
		return func(n heap.Node) bool {
			if t := s.Type(n); t == heap.Object || t == heap.ConcatenatedString { // may have a composed one
				return v.DisplayName(n) == value
			}
			return slices.Contains(ids, s.NameID(n))
		}, nil
	case "type:":
		return func(n heap.Node) bool { return s.TypeName(n) == value }, nil
	case "id:":
		n, err := find(s, value)
		return func(other heap.Node) bool { return err == nil && n == other }, nil
	case "path:":
		return b.below(value), nil
	}
	sizes := map[string]func(heap.Node) int64{
		"retained": func(n heap.Node) int64 { return int64(s.RetainedSize(n)) },
		"shallow":  func(n heap.Node) int64 { return int64(s.ShallowSize(n)) },
		"distance": func(n heap.Node) int64 { return int64(s.Distance(n)) },
	}
	number := sizes[field]
	if number == nil || operator == ":" || operator == "~" {
		return nil, fmt.Errorf("the query has no condition %q", word)
	}
	limit, err := bytes(value)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", word, err)
	}
	return map[string]condition{
		">": func(n heap.Node) bool { return number(n) > limit }, ">=": func(n heap.Node) bool { return number(n) >= limit },
		"<": func(n heap.Node) bool { return number(n) < limit }, "<=": func(n heap.Node) bool { return number(n) <= limit },
		"=": func(n heap.Node) bool { return number(n) == limit },
	}[operator], nil
}

// ofClass passes the objects of classes whose names pass, and asks once for each class.
func ofClass(v *devtools.View, passes func(name string) bool) condition {
	known := map[devtools.Class]bool{}
	last, yes := devtools.Class(0), false // objects of a class mostly come together
	return func(n heap.Node) bool {
		class := v.Class(n)
		if len(known) > 0 && class == last {
			return yes
		}
		answer, ok := known[class]
		if !ok {
			answer = passes(v.ClassName(n))
			known[class] = answer
		}
		last, yes = class, answer
		return answer
	}
}

// below passes the objects that would go with what a reference of a name leads to:
// path:sessions is all that the variable or property sessions keeps alive.
func (b *book) below(name string) condition {
	s := b.view.Snapshot()
	const unknown, inside, outside = 0, 1, 2
	state := make([]uint8, s.NodeCount())
	ids := s.FindStrings(name)
	for e := range heap.Edge(s.EdgeCount()) {
		if slices.Contains(ids, heap.StringID(s.EdgeNameID(e))) && s.EdgeHasStringName(e) && s.EdgeType(e) != heap.WeakEdge {
			state[s.EdgeTarget(e)] = inside
		}
	}
	state[s.Root()] = max(state[s.Root()], outside)
	return func(n heap.Node) bool {
		var way []heap.Node
		for state[n] == unknown {
			way = append(way, n)
			d := s.Dominator(n)
			if d == n {
				state[n] = outside
				break
			}
			n = d
		}
		for _, passed := range way {
			state[passed] = state[n]
		}
		return state[n] == inside
	}
}

var units = map[string]int64{"": 1, "b": 1, "kb": 1000, "mb": 1000_000, "gb": 1000_000_000}

// bytes reads a size: 100, 1.5MB.
func bytes(text string) (int64, error) {
	end := strings.IndexFunc(text, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	if end < 0 {
		end = len(text)
	}
	unit, known := units[strings.ToLower(text[end:])]
	n, err := strconv.ParseFloat(text[:end], 64)
	if err != nil || !known {
		return 0, fmt.Errorf("%s is no size", text)
	}
	return int64(n * float64(unit)), nil
}
