// Package rule holds the causes of leaks that can be seen in a source file, one
// file each, and what is to be said about each (doc/*.md).
//
// A rule looks at one file through package flow and reports a [Finding]: the
// line that makes something grow, and the variable that a heap snapshot would
// show. Two rules find what is wrong whatever runs (accidental-global,
// const-reassigned): they are errors. The others find what leaks when it runs
// often enough: they are suspicions, until a snapshot confirms or clears them
// (package evidence).
//
// A rule that cries wolf is worse than none: where the file does not show
// enough, it says nothing. Rules read no configuration and know no severity but
// their own.
package rule

import (
	"embed"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/grafana/sobek/ast"

	"github.com/plumb-dev/plumb/internal/lint/flow"
	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// Severity is how sure a finding is, and whether it fails a build.
type Severity string

// The severities, by rising weight.
const (
	Off       Severity = "off"
	Suspicion Severity = "suspicion"
	Warning   Severity = "warning"
	Error     Severity = "error"
)

// Rule is one cause.
type Rule struct {
	ID       string
	Severity Severity
	check    func(*check)
}

// All lists the rules in the order of the documentation.
func All() []Rule {
	return []Rule{
		{"accidental-global", Error, accidentalGlobal},
		{"const-reassigned", Error, constReassigned},
		{"interval-never-cleared", Suspicion, intervalNeverCleared},
		{"timer-closure-grows", Suspicion, timerClosureGrows},
		{"listener-in-handler", Suspicion, listenerInHandler},
		{"listener-never-removed", Suspicion, listenerNeverRemoved},
		{"grow-only-collection", Suspicion, growOnlyCollection},
		{"unbounded-cache", Suspicion, unboundedCache},
		{"closure-keeps-large-scope", Suspicion, closureKeepsLargeScope},
		{"promise-race-long-lived", Suspicion, promiseRaceLongLived},
		{"slice-keeps-parent", Suspicion, sliceKeepsParent},
		{"global-as-store", Suspicion, globalAsStore},
	}
}

// Find is the rule of an id.
func Find(id string) (Rule, bool) {
	for _, r := range All() {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{}, false
}

//go:embed doc/*.md
var docs embed.FS

// Doc is the documentation of the rule, Markdown: what it finds, why that
// leaks, when it is fine, the fix.
func (r Rule) Doc() string {
	text, err := docs.ReadFile("doc/" + r.ID + ".md")
	if err != nil {
		return "" // a test holds that each is there
	}
	return string(text)
}

// Title is what the rule finds, in one line.
func (r Rule) Title() string {
	_, rest, _ := strings.Cut(r.Doc(), "\n\n")
	title, _, _ := strings.Cut(rest, "\n\n")
	return strings.ReplaceAll(title, "\n", " ")
}

// Finding is a place that can leak.
type Finding struct {
	Rule    string
	At      syntax.Position // what makes it grow
	Length  int             // of the text there, UTF-16 units, 0 when unknown
	Name    string          // what grows, as the program writes it
	Message string
	// Variable is what a snapshot shows, Declared where it is declared; the
	// file is another one when it was imported.
	Variable string
	Declared syntax.Position
	In       string
	Fix      *Fix
}

// Fix is a change of the text that mends a finding.
type Fix struct {
	Title string
	Edits []Edit
	// Safe says that nothing else can change: the others are proposals.
	Safe bool
}

// Edit is text to put into a place.
type Edit struct {
	At     syntax.Position
	Insert string
}

// ownStatement says whether an expression is a statement by itself, where a declaration
// can stand: not the one after if (a).
func ownStatement(at *syntax.Cursor) bool {
	if at == nil || at.Up == nil {
		return false
	}
	if _, ok := at.Up.Node.(*ast.ExpressionStatement); !ok {
		return false
	}
	if at.Up.Up == nil {
		return true
	}
	switch at.Up.Up.Node.(type) {
	case *ast.BlockStatement, *ast.CaseStatement:
		return true
	}
	return false
}

// Surroundings is what a file does not say of itself.
type Surroundings interface {
	// Global says whether a name is meant to be one.
	Global(name string) bool
	// Import is the file that a module specifier names; nil when it is not at
	// hand.
	Import(specifier string) *flow.Flow
}

// Check runs all rules over a file.
func Check(fl *flow.Flow, around Surroundings) []Finding {
	c := &check{Flow: fl, around: around, seen: map[string]bool{}}
	for _, r := range All() {
		c.rule = r.ID
		r.check(c)
	}
	return c.findings
}

// check is one run over a file.
type check struct {
	*flow.Flow
	around     Surroundings
	rule       string
	findings   []Finding
	seen       map[string]bool // rule and place
	containers []*flow.Container
	looked     bool                               // for removals
	removals   []ast.Expression                   // what listeners are removed from
	copies     map[*scope.Scope][]*scope.Variable // see locals
	anew       map[*scope.Variable]bool           // see replaced
	accesses   map[string]int                     // see accessed
}

// report keeps a finding unless it has no place in the text, or one is there.
func (c *check) report(f Finding) {
	f.Rule = c.rule
	key := fmt.Sprint(f.Rule, f.At, f.Name)
	if f.At.Line == 0 || c.seen[key] {
		return
	}
	c.seen[key] = true
	c.findings = append(c.findings, f)
}

// called says which call in another file makes a place run once per request,
// when that is why.
func (c *check) called(at scope.Site) string {
	heat, hot := c.Hot(at.Scope)
	if !hot || heat.File == "" {
		return ""
	}
	return fmt.Sprintf("; %s:%d leads here", filepath.ToSlash(heat.File), heat.From.Line)
}

// reported says whether another rule has the variable already.
func (c *check) reported(rule string, declared syntax.Position) bool {
	for _, f := range c.findings {
		if f.Rule == rule && f.Declared == declared {
			return true
		}
	}
	return false
}

// long lists the collections of the file, found once.
func (c *check) long() []*flow.Container {
	if c.containers == nil {
		c.containers = c.Containers()
	}
	return c.containers
}
