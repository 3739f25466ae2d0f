package source

import (
	"cmp"
	"slices"
	"strings"
)

// candidate is a token that may declare the name.
type candidate struct {
	index int
	rank  int
}

// Declared finds the declaration of name. Inside, when set, is where the
// function or class begins that has it; witness, when set, is a place that sees
// it. Positions are offsets in bytes, -1 is not set.
func (f *File) Declared(name string, inside, witness int) (offset int, ok bool) {
	best, ok := f.best(name, inside, witness)
	if !ok {
		return 0, false
	}
	if best.rank == aliased {
		if local, ok := f.best(f.tokens[best.index-2].text, inside, witness); ok {
			best = local
		}
	}
	return f.tokens[best.index].at, true
}

// Property finds where the file sets a property of this name, or has it in an
// object literal.
func (f *File) Property(name string) (offset int, ok bool) {
	best, ok := f.best(name, -1, -1)
	if !ok || best.rank != assigned && best.rank != property && best.rank != literal {
		return 0, false
	}
	return f.tokens[best.index].at, true
}

func (f *File) best(name string, inside, witness int) (best candidate, ok bool) {
	toks := f.tokenized()
	from, to := 0, len(toks)
	if inside >= 0 {
		from, to = f.extent(inside)
	}
	var found []candidate
	for i := from; i < to; i++ {
		if strings.TrimPrefix(toks[i].text, "#") != strings.TrimPrefix(name, "#") {
			continue
		}
		if rank := f.rank(i); rank < nothing {
			found = append(found, candidate{i, rank})
		}
	}
	if len(found) == 0 {
		return candidate{}, false
	}
	around := f.around(witness)
	// Of the declarations that the witness sees the innermost, of the others
	// the outermost; of equals the last before the witness.
	return slices.MinFunc(found, func(a, b candidate) int {
		sees, other := slices.Contains(around, f.scope(a)), slices.Contains(around, f.scope(b))
		depth := cmp.Compare(toks[a.index].depth, toks[b.index].depth)
		if sees && other {
			depth = -depth
		}
		return cmp.Or(
			cmp.Compare(a.rank, b.rank), byTrue(sees, other), depth,
			byTrue(toks[a.index].at <= witness, toks[b.index].at <= witness),
			f.near(a, b, witness),
		)
	}), true
}

// byTrue puts true first.
func byTrue(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

func (f *File) near(a, b candidate, witness int) int {
	if at := f.tokens[a.index].at; at <= witness {
		return cmp.Compare(f.tokens[b.index].at, at)
	}
	return cmp.Compare(f.tokens[a.index].at, f.tokens[b.index].at)
}

// around lists the brackets that are open at an offset, and -1 for the top.
func (f *File) around(offset int) []int {
	if offset < 0 {
		return nil
	}
	i, _ := slices.BinarySearchFunc(f.tokens, offset, func(t token, at int) int { return cmp.Compare(t.at, at) })
	open := []int{-1}
	if i == len(f.tokens) {
		return open
	}
	for at := f.tokens[i].open; at >= 0; at = f.tokens[at].open {
		open = append(open, at)
	}
	return open
}

// scope is the bracket in which a declaration is seen: that of a function's
// body for its parameters.
func (f *File) scope(c candidate) int {
	open := f.tokens[c.index].open
	for open >= 0 && f.tokens[open].text != "{" || open >= 0 && c.rank == declared && f.isPattern(open) {
		if c.rank == parameter && f.tokens[open].text == "(" {
			body := f.tokens[open].match + 1
			if body < len(f.tokens) && f.tokens[body].text == "=>" {
				body++
			}
			if body < len(f.tokens) && f.tokens[body].text == "{" {
				return body
			}
		}
		open = f.tokens[open].open
	}
	return open
}

// extent is the range of tokens of the function or class that begins at an
// offset: to the end of its first block that is no parameter.
func (f *File) extent(offset int) (from, to int) {
	from, _ = slices.BinarySearchFunc(f.tokens, offset, func(t token, at int) int { return cmp.Compare(t.at, at) })
	for i := from; i < len(f.tokens); i++ {
		t := &f.tokens[i]
		switch {
		case t.kind != sign:
		case t.text == "(" || t.text == "[":
			if t.match < 0 {
				return from, len(f.tokens)
			}
			i = t.match
		case t.text == "{":
			if t.match < 0 {
				return from, len(f.tokens)
			}
			return from, t.match
		}
	}
	return from, len(f.tokens)
}

// Function finds the name of the function, one of those around the witness,
// that is called so.
func (f *File) Function(name string, witness int) (offset int, ok bool) {
	f.tokenized()
	for _, open := range f.around(witness) {
		if f.text(open) != "{" || f.text(open-1) != ")" || f.tokens[open-1].match < 1 {
			continue
		}
		if before := f.tokens[open-1].match - 1; f.text(before) == name {
			return f.tokens[before].at, true
		}
	}
	return 0, false
}

// Around is the name of the function whose parameters begin at an offset, or
// of the nearest one around it that has a name; "" when there is none.
func (f *File) Around(offset int) string {
	if offset < 0 {
		return ""
	}
	i, ok := slices.BinarySearchFunc(f.tokenized(), offset, func(t token, at int) int { return cmp.Compare(t.at, at) })
	if ok {
		if name := f.nameBefore(i); name != "" {
			return name
		}
	}
	for _, open := range f.around(offset) {
		if f.text(open) != "{" {
			continue
		}
		end := open - 1
		if f.text(end) == "=>" {
			end--
		}
		start := end // a parameter without brackets
		if f.text(end) == ")" {
			start = f.tokens[end].match
		} else if end == open-1 {
			continue // no function's
		}
		if name := f.nameBefore(start); name != "" {
			return name
		}
	}
	return ""
}

// nameBefore is the name of the function whose parameters begin at token i:
// that before them or the one to which the function is assigned.
func (f *File) nameBefore(i int) string {
	before := i - 1
	if f.text(before) == "async" {
		before--
	}
	if f.text(before) == "=" || f.text(before) == ":" {
		before--
	}
	switch name := f.text(before); {
	case before < 0 || f.tokens[before].kind != word:
		return ""
	case name == "function":
		return f.nameBefore(before)
	case slices.Contains([]string{"if", "for", "while", "switch", "catch", "with", "return", "await", "async", "of", "case", "default"}, name):
		return ""
	default:
		return name
	}
}
