package docs

import (
	"go/scanner"
	"go/token"
	"regexp"
	"strings"
	"testing"
)

// quoted is a span of code in a heading of the third level: what an error says.
var quoted = regexp.MustCompile("`([^`]+)`")

// TestQuotes holds that docs/troubleshooting.md quotes errors as the code has them.
func TestQuotes(t *testing.T) {
	texts := literals(t)
	p := readPage(t, "docs/troubleshooting.md")
	errors := 0
	for line := range strings.SplitSeq(p.prose, "\n") {
		if !strings.HasPrefix(line, "### ") {
			continue
		}
		errors++
		spans := quoted.FindAllStringSubmatch(line, -1)
		if len(spans) == 0 {
			t.Errorf("%s quotes nothing", line)
		}
		for _, m := range spans {
			if piece, ok := saidBy(texts, m[1]); !ok {
				t.Errorf("%s: no Go source has %q", line, piece)
			}
		}
	}
	if errors < 25 {
		t.Errorf("only %d errors are there", errors)
	}
	if _, ok := saidBy(texts, "a text that … nobody says"); ok {
		t.Error("a text that nobody says is found")
	}
}

// saidBy looks for a quote among literals: one of them has all that is between its
// ellipses, in order. It returns the piece that is nowhere.
func saidBy(texts []string, quote string) (missing string, ok bool) {
	pieces := strings.Split(quote, "…")
	best := 0
	for _, text := range texts {
		found := 0
		for _, piece := range pieces {
			i := strings.Index(text, piece)
			if i < 0 {
				break
			}
			text = text[i+len(piece):]
			found++
		}
		if found == len(pieces) {
			return "", true
		}
		best = max(best, found)
	}
	return pieces[best], false
}

// literals are all texts in the source of plumb, without its tests.
func literals(t *testing.T) []string {
	t.Helper()
	var texts []string
	eachFile(t, []string{"cmd", "heap", "internal"}, func(name, source string) {
		if !strings.HasSuffix(name, ".go") {
			return
		}
		var s scanner.Scanner
		files := token.NewFileSet()
		s.Init(files.AddFile(name, -1, len(source)), []byte(source), nil, 0)
		for {
			_, tok, lit := s.Scan()
			if tok == token.EOF {
				return
			}
			if tok == token.STRING {
				texts = append(texts, unquote(lit))
			}
		}
	})
	return texts
}

var formatVerb = regexp.MustCompile(`%[-+# 0-9.]*[a-zA-Z]`)

// unquote leaves only what is said: format verbs become an ellipsis.
func unquote(literal string) string {
	text := strings.Trim(literal, "`\"")
	text = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(text)
	return formatVerb.ReplaceAllString(text, "…")
}
