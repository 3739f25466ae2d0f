package main

import (
	"net/http"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/monitor"
	"github.com/plumb-dev/plumb/internal/web"
	"github.com/plumb-dev/plumb/internal/web/findings"
	"github.com/plumb-dev/plumb/internal/web/live"
)

// newPage is the page of a monitor: its APIs, and what there is on this machine. done
// ends what works for it.
func newPage(version string) (page monitor.Page, done func()) {
	dir, err := diagnosis.DefaultDir()
	if err != nil {
		dir = "" // a service may have no home, and has no findings then
	}
	apps := live.New(dir)
	parts := []web.Part{&findings.Part{Store: diagnosis.At(dir), Root: terminal.WorkingFolder()}, apps}
	return func(apis map[string]http.Handler) http.Handler {
		site := web.Site{Version: version, Parts: parts, Raw: apis}
		return site.Handler()
	}, apps.Close
}
