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

	JSON, CSV, Bytes, Quiet bool // persistent flags, see addFlags
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
