package cli

import (
	"io"

	"github.com/spf13/pflag"
)

// app is what the commands of one run share.
type app struct {
	in  io.Reader
	out io.Writer // results
	err io.Writer // progress, notes, errors

	json, csv, bytes, quiet bool // persistent flags, see addFlags
	noColor                 bool

	stdinTaken bool   // an argument "-" was read already
	version    string // of plumb, for reports
}

// addFlags gives flags those of all commands.
func (a *app) addFlags(flags *pflag.FlagSet) {
	flags.BoolVar(&a.json, "json", false, "print the result as JSON")
	flags.BoolVar(&a.csv, "csv", false, "print the result's rows as CSV")
	flags.BoolVar(&a.bytes, "bytes", false, "print sizes as exact numbers of bytes")
	flags.BoolVar(&a.noColor, "no-color", false, "print without colour (so does NO_COLOR=1)")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "print no progress and no notes")
}
