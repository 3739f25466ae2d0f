// Package terminal is what all commands share on the way from and to the user:
// the streams and the flags of every command ([UI]), arguments, tables and the
// other forms of a result, sizes and spans of time, progress, reports, errors.
//
// A result is text for people, JSON or CSV ([Result], [Table]). An error has a
// hint ([WithHint]) and leads to an exit code ([UI.Report]); a command that did
// its work returns [FoundLeak] or [NotEnoughEvidence] for a code of its own.
// Nothing else writes to the user, and nothing here knows a command.
package terminal

import (
	"io"

	"github.com/spf13/pflag"
)

// UI is what the commands of one run share.
type UI struct {
	In  io.Reader
	Out io.Writer // results
	Err io.Writer // progress, notes, errors

	JSON, CSV, Bytes, Quiet bool // persistent flags, see AddFlags
	noColor                 bool

	StdinTaken bool   // an argument "-" was read already
	Version    string // of plumb, for reports
}

// AddFlags gives flags those of all commands.
func (ui *UI) AddFlags(flags *pflag.FlagSet) {
	flags.BoolVar(&ui.JSON, "json", false, "print the result as JSON")
	flags.BoolVar(&ui.CSV, "csv", false, "print the result's rows as CSV")
	flags.BoolVar(&ui.Bytes, "bytes", false, "print sizes as exact numbers of bytes")
	flags.BoolVar(&ui.noColor, "no-color", false, "print without colour (so does NO_COLOR=1)")
	flags.BoolVarP(&ui.Quiet, "quiet", "q", false, "print no progress and no notes")
}
