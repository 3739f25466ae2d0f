package runcmd

import (
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/web"
	"github.com/plumb-dev/plumb/internal/web/findings"
	"github.com/plumb-dev/plumb/internal/web/live"
)

// newPage is what is kept up and what was found out, for the browser. It does nothing
// before somebody looks. Snapshots are looked at elsewhere (plumb open): they would take
// the memory of what keeps programs up. done ends what works for it.
func newPage(dir string) (site *web.Site, done func()) {
	if dir == "" {
		dir, _ = diagnosis.DefaultDir() // "" in a service without a home, which has no findings
	}
	apps := live.New(dir)
	return &web.Site{Parts: []web.Part{&findings.Part{Store: diagnosis.At(dir), Root: terminal.WorkingFolder()}, apps}}, apps.Close
}
