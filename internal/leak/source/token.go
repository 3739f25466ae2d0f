package source

import (
	"strings"
	"unicode/utf8"
)

// token is one word or sign of a program. Comments and blanks are none.
type token struct {
	text  string // of a string without its quotes
	at    int    // offset in bytes
	kind  kind
	depth int // of the brackets around it
	open  int // index of the innermost bracket around it, -1 at the top
	match int // of an opening bracket the closing one and back, -1 without
}

type kind uint8

const (
	word  kind = iota // names, keywords, #private names
	sign              // =, ??=, { and so on
	text              // string literals
	other             // numbers, regular expressions, pieces of templates
)

// lexer splits a text into tokens.
type lexer struct {
	src       string
	pos       int
	tokens    []token
	brackets  []int // the open ones
	templates []int // brackets open where a ${ began
}

func tokens(src string) []token {
	l := &lexer{src: src}
	for l.pos < len(src) {
		l.next()
	}
	return l.tokens
}

func (l *lexer) next() {
	c := l.src[l.pos]
	rest := l.src[l.pos:]
	switch {
	case c <= ' ':
		l.pos++
	case strings.HasPrefix(rest, "//") || l.pos == 0 && strings.HasPrefix(rest, "#!"):
		l.skipTo("\n")
	case strings.HasPrefix(rest, "/*"):
		l.pos += 2
		l.skipTo("*/")
	case c == '"' || c == '\'':
		l.quoted(c)
	case c == '`':
		l.template()
	case isWord(c):
		end := l.pos + 1
		for end < len(l.src) && (isWord(l.src[end]) || isDigit(l.src[end])) {
			end++
		}
		l.add(word, l.src[l.pos:end], end)
	case isDigit(c):
		end := l.pos + 1
		for end < len(l.src) && (isWord(l.src[end]) || isDigit(l.src[end]) || l.src[end] == '.') {
			end++
		}
		l.add(other, l.src[l.pos:end], end)
	case c == '/' && l.regexpFollows():
		l.regexp()
	case c == '}' && len(l.templates) > 0 && l.templates[len(l.templates)-1] == len(l.brackets):
		l.templates = l.templates[:len(l.templates)-1]
		l.template()
	default:
		l.sign()
	}
}

func isWord(c byte) bool {
	return c == '_' || c == '$' || c == '#' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= utf8.RuneSelf
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (l *lexer) add(k kind, s string, end int) {
	t := token{text: s, at: l.pos, kind: k, depth: len(l.brackets), open: -1, match: -1}
	if len(l.brackets) > 0 {
		t.open = l.brackets[len(l.brackets)-1]
	}
	l.tokens = append(l.tokens, t)
	l.pos = end
}

// skipTo moves behind the next end, or to the end of the text.
func (l *lexer) skipTo(end string) {
	if i := strings.Index(l.src[l.pos:], end); i >= 0 {
		l.pos += i + len(end)
	} else {
		l.pos = len(l.src)
	}
}

func (l *lexer) quoted(quote byte) {
	end := l.pos + 1
	for end < len(l.src) && l.src[end] != quote && l.src[end] != '\n' {
		if l.src[end] == '\\' {
			end++
		}
		end++
	}
	end = min(end, len(l.src))
	l.add(text, l.src[l.pos+1:end], min(end+1, len(l.src)))
}

// template reads from a backtick, or from the } of a substitution, to the next
// substitution or the end.
func (l *lexer) template() {
	for end := l.pos + 1; end < len(l.src); end++ {
		switch {
		case l.src[end] == '\\':
			end++
		case l.src[end] == '`':
			l.add(other, "", end+1)
			return
		case strings.HasPrefix(l.src[end:], "${"):
			l.templates = append(l.templates, len(l.brackets))
			l.add(sign, "${", end+2)
			return
		}
	}
	l.pos = len(l.src)
}

// regexpFollows guesses from the token before a slash: behind a value it
// divides.
func (l *lexer) regexpFollows() bool {
	if len(l.tokens) == 0 {
		return true
	}
	switch last := l.tokens[len(l.tokens)-1]; {
	case last.kind == sign:
		return last.text != ")" && last.text != "]"
	case last.kind == word:
		switch last.text {
		case "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "await", "yield":
			return true
		}
	}
	return false
}

func (l *lexer) regexp() {
	class := false
	for end := l.pos + 1; end < len(l.src) && l.src[end] != '\n'; end++ {
		switch c := l.src[end]; {
		case c == '\\':
			end++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class:
			l.add(other, "", end+1)
			return
		}
	}
	l.sign() // it was none
}

func (l *lexer) sign() {
	end := l.pos + 1
	for _, long := range [...]string{"...", "=>", "===", "==", "!==", "!=", "<=", ">=", "??=", "||=", "&&=", "?."} {
		if strings.HasPrefix(l.src[l.pos:], long) {
			end = l.pos + len(long)
			break
		}
	}
	s := l.src[l.pos:end]
	index := len(l.tokens)
	switch s {
	case "{", "(", "[":
		l.add(sign, s, end)
		l.brackets = append(l.brackets, index)
	case "}", ")", "]":
		match := -1
		if n := len(l.brackets); n > 0 {
			match = l.brackets[n-1]
			l.brackets = l.brackets[:n-1]
		}
		l.add(sign, s, end)
		if match >= 0 {
			l.tokens[index].match, l.tokens[match].match = match, index
		}
	default:
		l.add(sign, s, end)
	}
}
