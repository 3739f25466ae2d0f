package diagnose

import (
	"path/filepath"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/plumb-dev/plumb/internal/diagnosis"
)

// The annotations that an alert gets, for the templates of notifications.
const (
	findingAnnotation = "plumb_finding" // the variable, where it is, what it keeps of each request, the cause
	pathAnnotation    = "plumb_path"    // why that is alive, from the root down
	urlAnnotation     = "plumb_url"     // where plumb has all of it
)

// longest is where a line is cut off: names in a program may have any length.
const longest = 1000

// finding is one as annotations.
type finding struct {
	time            time.Time // of which it tells: when it was made, or given as what is the matter now
	line, path, url string
}

func newFinding(f *diagnosis.Finding, at time.Time, url string) *finding {
	r := f.Report(filepath.Dir(f.Program.Script) + string(filepath.Separator))
	return &finding{at, cut(r.Line()), cut(r.PathLine()), url}
}

func cut(line string) string {
	if runes := []rune(line); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return line
}

func (f *finding) annotate(l labels.Labels) labels.Labels {
	b := labels.NewBuilder(l).Set(findingAnnotation, f.line).Set(urlAnnotation, f.url)
	if f.path != "" {
		b.Set(pathAnnotation, f.path)
	}
	return b.Labels()
}
