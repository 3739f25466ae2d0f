package report

import (
	"testing"

	"github.com/plumb-dev/plumb/internal/leak"
)

func TestLine(t *testing.T) {
	uncounted := leaking()
	uncounted.Result.Requests, uncounted.Result.Findings[0].PerRequest = 0, 0
	two := leaking()
	two.Result.Findings = append(two.Result.Findings, two.Result.Findings[0])
	hostile := leaking()
	hostile.Result.Findings[0].Container.Name, hostile.Result.Findings[0].Declared.File = "a\nb", "c\r\nd.js"
	nothing := &Report{Result: &leak.Result{Verdict: leak.Undecided}, Word: "NO DIAGNOSIS", Title: "no memory left"}
	for _, c := range []struct {
		name       string
		r          *Report
		line, path string
	}{
		{
			"requests counted", leaking(), "store.byId (store.js:12) keeps 25.5 kB of each request: object store",
			"GC root: Global handles > module scope of store.js > SessionStore, byId > Map > Session",
		},
		{
			"requests unknown", uncounted, "store.byId (store.js:12) keeps 2,406 more Session objects: object store",
			"GC root: Global handles > module scope of store.js > SessionStore, byId > Map > Session",
		},
		{
			"two leaks", two, "store.byId (store.js:12) keeps 25.5 kB of each request: object store; 1 more",
			"GC root: Global handles > module scope of store.js > SessionStore, byId > Map > Session",
		},
		{
			"one line whatever the names", hostile, "a\uFFFDb (c\uFFFD\uFFFDd.js:12) keeps 25.5 kB of each request: object store",
			"GC root: Global handles > module scope of store.js > SessionStore, byId > Map > Session",
		},
		{"no diagnosis", nothing, "no diagnosis: no memory left", ""},
		{"healthy", healthy(), "nothing of the program's own grew over 2 snapshots", ""},
	} {
		if got := c.r.Line(); got != c.line {
			t.Errorf("%s: %q, want %q", c.name, got, c.line)
		}
		if got := c.r.PathLine(); got != c.path {
			t.Errorf("%s: path %q, want %q", c.name, got, c.path)
		}
	}
}
