// Package watchcmd has the commands that watch programs which run already: an
// alarm that ends in a diagnosis (attach), the diagnoses that were kept
// (findings), metrics for Prometheus (exporter). Its flags of captures and labels
// are those of plumb run, too.
package watchcmd

import (
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// Commands are attach, findings and exporter.
func Commands(ui *terminal.UI) []*cobra.Command {
	return []*cobra.Command{newAttachCommand(ui), newFindingsCommand(ui), newExporterCommand(ui)}
}
