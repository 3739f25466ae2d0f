package report

import (
	"fmt"
	"path"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
)

// Line is the result in one line, as an alert has room for: the variable, where it
// is, how much it keeps of each request, and the cause.
//
//	store.byId (store.js:12) keeps 3.2 kB of each request: object store
func (r *Report) Line() string {
	switch {
	case r.Title != "":
		return strings.ToLower(r.Word) + ": " + r.Title
	case r.Result.Verdict != leak.Leaking:
		return r.Says()
	}
	f := &r.Result.Findings[0]
	name := subject(f)
	if at := f.Declared; at.Line > 0 && !isTimers(f) { // timers have their place in their name
		name += fmt.Sprintf(" (%s:%d)", path.Base(clean(at.File)), at.Line)
	}
	line := r.saysOf(f, name)
	if n := r.Result.Requests; n > 0 && !f.Sizes() {
		line = fmt.Sprintf("%s %s %s of each request", name, verb(f), r.size(f.Share/uint64(n)))
	}
	line += ": " + string(f.Cause)
	if more := r.leaks() - 1; more > 0 {
		line += fmt.Sprintf("; %d more", more)
	}
	return line
}

// PathLine is why the first finding is alive, in one line from the root down:
// objects, and behind a comma the reference that may be the mistake. It is "" when
// there is no finding.
//
//	GC root > module scope of store.js > SessionStore, byId > Map > Session
func (r *Report) PathLine() string {
	if len(r.Result.Findings) == 0 {
		return ""
	}
	t := r.trace(&r.Result.Findings[0])
	steps := make([]string, len(t.rows))
	for i, row := range t.rows {
		steps[i] = row.object
		if name := strings.Trim(row.member, ".[]"); row.suspect && name != "" && name != "x" { // that is any element
			steps[i] += ", " + name
		}
	}
	return strings.Join(steps, " > ")
}
