// Package render writes the findings of package lint: as text with the code
// around them, JSON, SARIF 2.1.0, and the commands by which a GitHub workflow
// annotates a pull request.
//
// Text says first how much was found, then where, then what was not looked at,
// then what to do next.
package render

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/plumb-dev/plumb/internal/lint"
)

// Report is a result with what is needed to speak of it.
type Report struct {
	*lint.Result
	Version string // of plumb
	Root    string // the top of the checkout, with a slash; cut from the front of paths
	Width   int    // of the terminal; 0 for no limit
	Paint   func(style Style, text string) string
	Asked   bool // with snapshots
}

// Style is what a piece of text is.
type Style int

// The styles.
const (
	Plain Style = iota
	Alarm       // an error
	Notice
	Faint
	Strong
)

// JSON writes the result as one line.
func (r *Report) JSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(r.Result)
}

// count is a number with its noun: 1 file, 2 files.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
