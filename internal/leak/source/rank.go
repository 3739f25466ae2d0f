package source

import "strings"

// How a name comes into being, the surest first.
const (
	declared  = iota // const, let, var, class, function
	parameter        // of a function
	imported         // the declaration is in another file
	aliased          // exported under this name, see the name before "as"
	field            // of a class, static or not
	assigned         // this.name = , exports.name = , globalThis.name =
	given            // name =
	property         // other.name =
	literal          // name: in an object literal
	quoted           // "name" as a string
	nothing
)

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
	case "as":
		if f.text(i-2) != "" {
			return aliased
		}
	case "export":
		if f.text(i) == "default" {
			return declared
		}
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
