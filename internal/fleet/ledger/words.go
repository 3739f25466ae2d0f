package ledger

import (
	"fmt"
	"path"
	"strconv"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/report"
)

func itoa(n int) string { return strconv.Itoa(n) }

// line is one leak of a result in one line.
func line(r *fleet.Result, one *leak.Finding) string {
	alone := *r.Result
	alone.Findings = []leak.Finding{*one}
	return (&report.Report{Result: &alone}).Line()
}

// place is FILE:LINE, "" when it is not known.
func place(p leak.Place) string {
	if p.File == "" || p.Line == 0 {
		return ""
	}
	return fmt.Sprintf("%s:%d", path.Base(p.File), p.Line)
}
