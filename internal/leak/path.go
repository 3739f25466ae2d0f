package leak

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/plumb-dev/plumb/heap"
)

// steps writes the path from the root to one of the members of p.
func (f *finder) steps(p *growth, counts []int) []Step {
	last := f.memberNode(p)
	way := f.path(last)
	switch {
	case p.kind == chain:
		way = f.path(p.list.link)
	case p.kind == wide && f.holder(last) != p.holder: // see alsoHeld
		way = append(f.path(p.holder), last)
	}
	var rows []Step
	var nodes []heap.Node
	root := "GC root"
	ref := ""
	for i, n := range way {
		if i > 0 {
			if name := f.reference(f.via[n]); name != "" || ref == "" {
				ref = name
			}
		}
		if n == f.s.Root() || f.s.Type(n) == heap.Synthetic {
			if n != f.s.Root() {
				root = "GC root: " + strings.Trim(f.s.Name(n), "()")
			}
			ref = ""
			continue
		}
		if !f.visible(n) {
			continue
		}
		if p.kind == wide && i == len(way)-1 {
			ref = f.ownerName(p.holder) + "[x]" // whichever it is
		}
		if len(rows) > 0 {
			rows[len(rows)-1].Reference = ref
		} else {
			rows = append(rows, Step{Object: root, Status: Expected, Reason: "the root of all that lives", Reference: ref})
			nodes = append(nodes, f.s.Root())
		}
		ref = ""
		rows = append(rows, Step{Object: f.describe(n), ID: f.s.ID(n)})
		nodes = append(nodes, n)
	}
	f.judgePath(p, rows, nodes, counts)
	return rows
}

// reference is how a step of the path reads: SessionStore.byId, Map[x].
func (f *finder) reference(e heap.Edge) string {
	from, name := f.s.EdgeSource(e), f.s.EdgeName(e)
	if variable, ok := f.variable(e); ok {
		return "variable " + f.sourceVariable(from, variable)
	}
	switch f.s.EdgeType(e) {
	case heap.PropertyEdge:
		if f.isGlobal(from) {
			return "globalThis" + accessor(name)
		}
		return f.ownerName(from) + accessor(name)
	case heap.ElementEdge:
		return f.ownerName(from) + "[x]"
	case heap.InternalEdge:
		switch {
		case name == "value" && f.isCell(from):
			if nm, ok := f.scripts.export(from); ok {
				return "export " + nm.variable
			}
			return "variable of a module"
		case name == "context":
			return "variables in reach"
		case name == "previous":
			return "outer variables"
		case f.s.Type(from) == heap.Array && from != f.s.Root() && f.via[from] != heap.Edge(none) && number(name) > 0:
			return f.ownerName(f.holder(from)) + "[x]"
		case name == "elements" || name == "properties" || name == "table" || name != "" && name[0] <= '9':
			return ""
		}
		return "(" + strings.ReplaceAll(name, "_", " ") + ")"
	case heap.HiddenEdge:
		if f.s.Name(f.s.EdgeTarget(e)) == "system / PromiseReaction" {
			return "next reaction"
		}
		return ""
	default:
		return "" // a root's numbers
	}
}

func (f *finder) ownerName(n heap.Node) string {
	name := strings.TrimPrefix(f.s.Name(n), "system / ")
	if name == "" {
		return f.s.TypeName(n)
	}
	return name
}

// describe is one row of the path.
func (f *finder) describe(n heap.Node) string {
	switch {
	case f.isContext(n):
		in := f.sourceScope(n)
		switch {
		case in.url == "":
			return "scope of a function"
		case in.module:
			return "module scope of " + shortFile(in.url)
		case in.function == "":
			return "scope of a function in " + shortFile(in.url)
		default:
			return fmt.Sprintf("scope of %s (%s)", in.function, shortFile(in.url))
		}
	case f.s.Type(n) == heap.Closure:
		if at, ok := f.scripts.at(n); ok && at.url != "" {
			p := f.sources.public(at)
			class := f.class(n)
			if p.Function != "" {
				class = "function " + p.Function
			}
			return fmt.Sprintf("%s (%s:%d)", class, shortFile(cmp.Or(p.File, at.url)), p.Line)
		}
	}
	return f.class(n)
}

// shortFile is the last part of a script's URL; Node's own are short already.
func shortFile(url string) string {
	if isNode(url) {
		return url
	}
	return url[strings.LastIndexAny(url, `/\`)+1:]
}

// judgePath fills in the statuses and marks the suspect references.
func (f *finder) judgePath(p *growth, rows []Step, nodes []heap.Node, counts []int) {
	lastExpected, firstStuck := 0, len(rows)-1
	for i := range rows[1:] {
		i++
		status, reason := f.inspect(nodes[i])
		if status == Stuck && i < firstStuck {
			firstStuck = i
		}
		rows[i].Status, rows[i].Reason = status, reason
	}
	for i := len(rows) - 1; i > 0; i-- {
		if rows[i].Status == Expected && i < len(rows)-1 {
			lastExpected = i
			break
		}
	}
	if firstStuck <= lastExpected {
		firstStuck = len(rows) - 1
	}
	for i := range rows {
		switch {
		case i < lastExpected && rows[i].Status != Expected:
			rows[i].Status, rows[i].Reason = Expected, rows[lastExpected].Object+" below is expected"
		case i > firstStuck && i < len(rows)-1:
			rows[i].Status, rows[i].Reason = Stuck, rows[firstStuck].Object+" above is stuck"
		}
		rows[i].Suspect = i >= lastExpected && i < firstStuck
	}
	end := &rows[len(rows)-1]
	known := ""
	if end.Status == Stuck {
		known = end.Reason + "; "
	}
	end.Status = Stuck
	what := "like it"
	if p.kind == chain {
		what = "in the list"
	}
	if p.kind == swell {
		end.Reason = known + fmt.Sprintf("grew from %s to %s bytes", comma(counts[0]), comma(counts[len(counts)-1]))
		return
	}
	end.Reason = known + fmt.Sprintf("outlived its step: %s objects %s were there, now %s", comma(counts[0]), what, comma(counts[len(counts)-1]))
}

// inspect knows what some objects' lives should be.
func (f *finder) inspect(n heap.Node) (Status, string) {
	name := f.s.Name(n)
	switch {
	case f.isGlobal(n):
		return Expected, "the global object lives as long as the process"
	case f.isContext(n):
		switch in := f.scripts.scopeOf(n); {
		case isNode(in.url):
			return Expected, "Node.js's own"
		case in.module:
			return Expected, "a module's variables live as long as the process"
		}
		return Unknown, ""
	case f.s.Type(n) == heap.Closure:
		if at, ok := f.scripts.at(n); !ok || isNode(at.url) {
			return Expected, "Node.js's own"
		}
		return Unknown, ""
	}
	if f.s.Type(n) != heap.Object {
		return Unknown, ""
	}
	switch name {
	case "Module":
		return Expected, "loaded modules stay in the module cache"
	case "process":
		return Expected, "there is one process object"
	case "Server":
		return Expected, "a server lives until it is closed"
	case "TimersList", "PriorityQueue":
		return Expected, "Node.js's list of timers"
	}
	for _, dead := range [...]string{"destroyed", "_destroyed", "closed", "_closed", "aborted", "finished", "settled"} {
		if f.isTrue(n, dead) {
			return Stuck, name + "." + dead + " is true"
		}
	}
	return Unknown, ""
}

// fingerprint names a leak by its suspect references alone: no id, no count,
// no way from the root, so that it is the same tomorrow and elsewhere.
func fingerprint(nm named, made place, cause Cause, rows []Step) string {
	h := sha256.New()
	for _, row := range rows {
		// Timers hang together in a ring: which way round is chance.
		if row.Suspect && !strings.Contains(row.Reference, "._idle") {
			fmt.Fprintf(h, "%s\n", row.Reference)
		}
	}
	fmt.Fprintln(h, cause)
	if !nm.found {
		nm.variable, nm.function = "", made.function
	}
	fmt.Fprintf(h, "%s\n%s\n", nm.variable, nm.function)
	return hex.EncodeToString(h.Sum(nil)[:4])
}

// comma writes a count as 12,345.
func comma(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
