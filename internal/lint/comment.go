package lint

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/plumb-dev/plumb/internal/lint/rule"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// The comments that suppress a finding:
//
//	// plumb-disable-next-line unbounded-cache -- keys are the ten tenants
//	cache[tenant] = load(tenant) // plumb-disable-line unbounded-cache -- likewise
//	/* plumb-disable accidental-global -- set up by the test runner */
//
// A comment without a reason, or with a rule that there is not, suppresses
// nothing and is reported.
var (
	disable = regexp.MustCompile(`(?:/[/*]|^\s*\*|{/\*)\s*plumb-disable(-next-line|-line)?\b([^\n]*)`)
	global  = regexp.MustCompile(`/\*\s*globals?\s+([^*]+)\*/`)
)

// comments are those of one file.
type comments struct {
	all      []comment
	problems []Problem
}

type comment struct {
	line   int // that it is about, 0 for the file
	rules  []string
	reason string
}

func readComments(f *syntax.File) *comments {
	c := &comments{}
	if !strings.Contains(f.Text, "plumb-disable") {
		return c
	}
	for n := 1; n <= f.Lines(); n++ {
		text, _ := f.Line(n)
		m := disable.FindStringSubmatchIndex(text)
		if m == nil {
			continue
		}
		kind := ""
		if m[2] >= 0 {
			kind = text[m[2]:m[3]]
		}
		c.read(n, m[0]+1, kind, text[m[4]:m[5]])
	}
	return c
}

func (c *comments) read(line, column int, kind, rest string) {
	rest, _, _ = strings.Cut(rest, "*/")
	names, reason, _ := strings.Cut(rest, "--")
	one := comment{reason: strings.TrimSpace(reason)}
	switch kind {
	case "-next-line":
		one.line = line + 1
	case "-line":
		one.line = line
	}
	problem := func(format string, args ...any) {
		c.problems = append(c.problems, Problem{Line: line, Column: column, Read: true, Reason: fmt.Sprintf(format, args...)})
	}
	for _, id := range strings.FieldsFunc(names, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
		if _, ok := rule.Find(id); !ok {
			problem("this comment suppresses nothing: there is no rule %q", id)
			return
		}
		one.rules = append(one.rules, id)
	}
	switch {
	case len(one.rules) == 0:
		problem("this comment suppresses nothing: it names no rule (plumb-disable%s RULE -- why)", kind)
	case one.reason == "":
		problem("this comment suppresses nothing: it gives no reason (plumb-disable%s %s -- why)", kind, strings.Join(one.rules, ", "))
	default:
		c.all = append(c.all, one)
	}
}

// reason is why a finding is suppressed, "" when it is not.
func (c *comments) reason(id string, line int) string {
	for _, one := range c.all {
		if one.line != 0 && one.line != line {
			continue
		}
		for _, r := range one.rules {
			if r == id {
				return one.reason
			}
		}
	}
	return ""
}

// declaredGlobals are the names of ESLint's comments: /* global app, db:true */.
func declaredGlobals(text string) map[string]bool {
	if !strings.Contains(text, "global") {
		return nil
	}
	names := map[string]bool{}
	for _, m := range global.FindAllStringSubmatch(text, -1) {
		for name := range strings.FieldsFuncSeq(m[1], func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) }) {
			name, _, _ = strings.Cut(name, ":")
			names[name] = true
		}
	}
	return names
}
