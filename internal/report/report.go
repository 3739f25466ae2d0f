// Package report writes what package leak found: as text for a terminal, JSON,
// Markdown, one HTML page, SARIF 2.1.0 and JUnit XML.
//
// All forms for people come from one document: the verdict first, then the
// evidence, then what would prove it wrong, then the next command to run. The
// forms for machines come from the result itself. The package decides nothing
// about leaks and opens no files.
package report

import (
	"fmt"
	"io"

	"github.com/plumb-dev/plumb/internal/leak"
)

// Report is a result with what is needed to speak of it.
type Report struct {
	Result  *leak.Result
	Files   []string // the snapshots' paths, in order
	Version string   // of plumb
	Bytes   bool     // sizes as exact numbers
	// Root, when set, is cut from the front of source paths.
	Root string
	// Source, when set, reads a file of the program's source, which a page shows around
	// the lines that matter.
	Source func(file string) ([]byte, error)

	// What a caller adds that knows more than snapshots; all may be left out.
	Word, Title  string    // the verdict, instead of the result's own
	State        string    // how it looks: healthy, undecided or leaking
	First        []Section // before the findings
	Last         []Section // after them
	Doubts, Next []string  // instead of the result's own
	JSON         any       // what --json prints
	Suite        string    // the name of the JUnit suite
	Checks       []Check   // cases of it beside the findings
}

// Check is something that was demanded, for JUnit.
type Check struct {
	Name    string
	Failure string // "" when it was met
	Skipped string // why it could not be told
}

// Format is a form of output.
type Format string

// The formats.
const (
	Text     Format = "text"
	JSON     Format = "json"
	Markdown Format = "markdown"
	HTML     Format = "html"
	SARIF    Format = "sarif"
	JUnit    Format = "junit"
)

// Write writes the report in a format.
func (r *Report) Write(w io.Writer, f Format) error {
	switch f {
	case Text:
		return r.text(w)
	case JSON:
		return r.json(w)
	case Markdown:
		return r.markdown(w)
	case HTML:
		return r.html(w)
	case SARIF:
		return r.sarif(w)
	case JUnit:
		return r.junit(w)
	default:
		return fmt.Errorf("write report: no format %q", f)
	}
}
