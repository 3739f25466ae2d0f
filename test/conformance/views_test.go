package conformance

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// view is one question to the engine and the plumb command that asks the same.
type view struct {
	ask  question
	args []string
}

// String is the plumb command, for a shell.
func (v view) String() string {
	words := []string{"plumb heap"}
	for _, arg := range v.args {
		if strings.ContainsFunc(arg, func(r rune) bool {
			return !strings.ContainsRune("-./,_", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r)
		}) {
			arg = strconv.Quote(arg)
		}
		words = append(words, arg)
	}
	return strings.Join(words, " ")
}

// subject is a snapshot as both sides know it.
type subject struct {
	file string // for plumb
	name string // for the engine, which has loaded it
	base *subject
}

// overviews are the questions that do not depend on what the snapshot holds.
func (s subject) overviews() []view {
	v := []view{
		s.view("stats", nil, "stats"),
		s.view("summary", nil, "summary", "--all"),
		s.view("filters", nil, "filters"),
		s.view("strings", nil, "strings", "--all"),
		s.view("contexts", nil, "contexts"),
		s.view("samples", nil, "samples"),
		s.view("allocations", nil, "allocations"),
		s.view("summary", question{"after": 1000, "upTo": 40000}, "summary", "--all", "--ids", "1000..40000"),
	}
	if s.base != nil {
		v = append(v, view{
			question{"ask": "compare", "of": s.name, "base": s.base.name},
			[]string{"compare", s.base.file, s.file, "--all"},
		})
	}
	return v
}

// searches are searches by text and by JavaScript's regular expressions.
func (s subject) searches() []view {
	var v []view
	for _, text := range []string{"key", "A.B", "\u017f", "\u212a", "É", `"`} {
		v = append(v, s.view("search", question{"query": text}, "search", text))
	}
	for _, text := range []string{"Key", "日本"} {
		v = append(v, s.view("search", question{"query": text, "matchCase": true}, "search", text, "--case"))
	}
	for _, re := range []string{"^[A-Z]\\w+$", "[^\\x00-\\x7f]", "(key|Key)\\b", "^.$", "new\\nline|\\u65e5"} {
		v = append(v, s.view("search", question{"query": re, "regex": true}, "search", re, "--regex"))
	}
	return v
}

func (s subject) view(ask string, parameters question, command string, args ...string) view {
	q := question{"ask": ask, "of": s.name}
	for k, v := range parameters {
		q[k] = v
	}
	return view{q, append([]string{command, s.file}, args...)}
}

// details are questions about the filters, classes and nodes of the snapshot.
// The engine chooses about count nodes.
func (s subject) details(e *engine, count int) ([]view, error) {
	var views []view
	var filters []string
	if err := e.askFor(question{"ask": "filterNames", "of": s.name}, &filters); err != nil {
		return nil, err
	}
	for _, f := range filters {
		views = append(views, s.view("summary", question{"filter": f}, "summary", "--all", "--filter", f))
	}
	if s.base != nil {
		var info, base struct{ MaxJSObjectID uint64 }
		err := errors.Join(e.askFor(question{"ask": "info", "of": s.name}, &info), e.askFor(question{"ask": "info", "of": s.base.name}, &base))
		if err != nil {
			return nil, err
		}
		views = append(views,
			s.view("summary", question{"after": base.MaxJSObjectID, "upTo": info.MaxJSObjectID}, "summary", "--all", "--between", s.base.file),
			s.view("summary", question{"after": 0, "upTo": base.MaxJSObjectID}, "summary", "--all", "--before", s.base.file))
	}
	if err := s.addStacks(e, &views); err != nil {
		return nil, err
	}
	classes, err := s.classes(e)
	if err != nil {
		return nil, err
	}
	var ids []uint64
	if err := e.askFor(question{"ask": "pick", "of": s.name, "count": count}, &ids); err != nil {
		return nil, err
	}
	views = append(views, classes...)
	for i, id := range ids {
		views = append(views, s.about(ids, i, id)...)
	}
	return views, nil
}

// classes asks for the instances of the first and some other classes.
func (s subject) classes(e *engine) ([]view, error) {
	var rows []struct{ Key string }
	if err := e.askFor(question{"ask": "summary", "of": s.name}, &rows); err != nil {
		return nil, err
	}
	var views []view
	for i, r := range rows {
		// What UTF-8 and an argument cannot hold, plumb cannot be asked for.
		if strings.ContainsAny(r.Key, "\x00\uFFFD") || !utf8.ValidString(r.Key) {
			continue
		}
		if i < 4 || i%(len(rows)/8+1) == 0 {
			views = append(views, s.view("instances", question{"key": r.Key}, "instances", "--all", "--", r.Key))
		}
	}
	return views, nil
}

// addStacks asks who allocated what, where that was tracked.
func (s subject) addStacks(e *engine, views *[]view) error {
	var numbers []int
	err := e.askFor(question{"ask": "allocationNumbers", "of": s.name}, &numbers)
	if errors.Is(err, errRefused) {
		return nil // the stacks are damaged
	}
	for _, n := range numbers[:min(len(numbers), 5)] {
		*views = append(*views, s.view("summary", question{"allocation": n}, "summary", "--all", "--alloc", strconv.Itoa(n)))
	}
	return err
}

// about asks about one node, the ith of ids.
func (s subject) about(ids []uint64, i int, id uint64) []view {
	arg := strconv.FormatUint(id, 10)
	node := question{"id": id}
	views := []view{
		s.view("containment", node, "containment", arg, "--all"),
		s.view("dominators", node, "dominators", arg),
		s.view("dominated", node, "dominated", arg, "--all"),
		s.view("retainers", question{"id": id, "depth": 2}, "retainers", arg, "--depth", "2"),
		s.view("paths", node, "paths", arg),
	}
	switch i % 4 {
	case 0:
		ignore := []uint64{ids[(i+1)%len(ids)], ids[(i+5)%len(ids)]}
		list := fmt.Sprintf("%d,%d", ignore[0], ignore[1])
		views = append(views,
			s.view("retainers", question{"id": id, "depth": 2, "ignore": ignore}, "retainers", arg, "--depth", "2", "--ignore", list),
			s.view("paths", question{"id": id, "ignore": ignore}, "paths", arg, "--ignore", list))
	case 1:
		views = append(views, s.view("paths", question{"id": id, "maxDepth": 6, "maxNodes": 40, "maxSiblings": 2},
			"paths", arg, "--max-depth", "6", "--max-nodes", "40", "--max-siblings", "2"))
	case 2:
		views = append(views, s.view("retainers", question{"id": id, "depth": 3}, "retainers", arg, "--depth", "3"))
	}
	return views
}
