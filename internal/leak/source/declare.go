package source

import (
	"cmp"
	"slices"
	"strings"
)

// How a name comes into being, the surest first.
const (
	declared  = iota // const, let, var, class, function
	parameter        // of a function
	imported         // the declaration is in another file
	field            // of a class, static or not
	assigned         // this.name = , exports.name = , globalThis.name =
	given            // name =
	property         // other.name =
	literal          // name: in an object literal
	quoted           // "name" as a string
	nothing
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
		return 0, false
	}
	around := f.around(witness)
	// Of the declarations that the witness sees the innermost, of the others
	// the outermost; of equals the last before the witness.
	best := slices.MinFunc(found, func(a, b candidate) int {
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
	})
	return toks[best.index].at, true
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

// text of the token i, "" outside.
func (f *File) text(i int) string {
	if i < 0 || i >= len(f.tokens) || f.tokens[i].kind == text || f.tokens[i].kind == other {
		return ""
	}
	return f.tokens[i].text
}

// rank says how the token i brings its name into being.
func (f *File) rank(i int) int {
	before, after := f.text(i-1), f.text(i+1)
	sets := after == "=" || after == "??=" || after == "||="
	switch {
	case f.tokens[i].kind == text:
		if after == ":" {
			return literal
		}
		return quoted
	case f.tokens[i].kind != word:
		return nothing
	case before == "." || before == "?.":
		if !sets {
			return nothing
		}
		switch f.text(i - 2) {
		case "this", "exports", "globalThis", "global", "window", "self":
			return assigned
		}
		return property
	}
	switch before {
	case "const", "let", "var", "using", "class", "function":
		return declared
	case "*":
		if f.text(i-2) == "function" {
			return declared
		}
	case "static", "accessor":
		return field
	}
	if rank := f.bound(i); rank < nothing {
		return rank
	}
	switch {
	case after == "=>":
		return parameter
	case f.inClass(i) && (sets || after == ";" || after == "}" || after == ":" || f.endsLine(i)):
		return field
	case sets:
		return given
	case after == ":" && (before == "{" || before == ","):
		return literal
	case (before == "{" || before == ",") && (after == "," || after == "}") && f.openedBy(i, "{"):
		return literal
	}
	return nothing
}

func (f *File) openedBy(i int, bracket string) bool {
	return f.tokens[i].open >= 0 && f.tokens[f.tokens[i].open].text == bracket
}

// bound tells whether i is bound by a list, a pattern or an import statement
// further left, or is a parameter.
func (f *File) bound(i int) int {
	if f.text(i+1) == ":" && f.openedBy(i, "{") || f.text(i-1) == "=" {
		return nothing // a key of a pattern, or a value
	}
	for at := i - 1; at >= 0; at-- {
		t := &f.tokens[at]
		if t.kind == word {
			switch t.text {
			case "const", "let", "var":
				if f.startsBinding(i) {
					return declared
				}
				return nothing
			case "import":
				return imported
			case "return", "if", "for", "while", "export", "throw", "case", "function", "class", "await":
				if t.text != "export" {
					return nothing
				}
			}
			continue
		}
		if t.kind != sign {
			continue
		}
		switch t.text {
		case ";", "=>":
			return nothing
		case "}", ")", "]":
			if t.match < 0 || t.text == "}" && !f.isPattern(t.match) && !f.isValue(t.match) {
				return nothing
			}
			at = t.match
		case "(":
			end := t.match
			if end >= 0 && (f.text(end+1) == "{" && f.text(at-1) != "if" && f.text(at-1) != "for" && f.text(at-1) != "while" &&
				f.text(at-1) != "switch" || f.text(end+1) == "=>") && f.startsBinding(i) {
				return parameter
			}
			return nothing
		case "{", "[":
			if !f.isPattern(at) {
				return nothing
			}
		}
	}
	return nothing
}

// startsBinding says whether i stands where a binding can: not in the middle
// of an expression.
func (f *File) startsBinding(i int) bool {
	switch f.text(i - 1) {
	case ",", "{", "[", "(", ":", "...", "const", "let", "var":
		return true
	}
	return false
}

// isPattern says whether the bracket at begins a destructuring pattern or the
// names of an import.
func (f *File) isPattern(at int) bool {
	switch f.text(at - 1) {
	case "const", "let", "var", "import", ",", "(", "[", ":", "{", "type":
	default:
		return false
	}
	end := f.tokens[at].match
	if end < 0 {
		return false
	}
	switch f.text(end + 1) {
	case "=", "from", "of", "in", ",", ")", "}", "]":
		return true
	}
	return false
}

// isValue says whether the brace at begins an object literal or the body of a
// function in an expression, not a block of statements.
func (f *File) isValue(at int) bool {
	switch f.text(at - 1) {
	case "=", "(", ",", ":", "?", "=>", "return", "[":
		return true
	case ")":
		open := f.tokens[at-1].match
		return open >= 0 && (f.text(open-1) == "function" || f.text(open-2) == "function")
	}
	return false
}

// inClass says whether i stands directly in the body of a class.
func (f *File) inClass(i int) bool {
	if !f.openedBy(i, "{") {
		return false
	}
	for at := f.tokens[i].open - 1; at >= 0; at-- {
		switch t := &f.tokens[at]; {
		case t.kind == word && t.text == "class":
			return true
		case t.kind != sign:
		case t.text == ")" || t.text == "]":
			if t.match < 0 {
				return false
			}
			at = t.match
		case t.text != "." && t.text != "<" && t.text != ">" && t.text != ",":
			return false
		}
	}
	return false
}

// endsLine says whether nothing follows i on its line.
func (f *File) endsLine(i int) bool {
	end := f.tokens[i].at + len(f.tokens[i].text)
	line, _, _ := strings.Cut(f.Text[end:], "\n")
	return strings.TrimSpace(line) == ""
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
