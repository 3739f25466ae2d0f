package heapcmd

import (
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/devtools"
)

func newHeapContainmentCommand(ui *terminal.UI) *cobra.Command {
	var rows terminal.Listing
	cmd := &cobra.Command{
		Use:   "containment FILE [ID]",
		Short: "Show what an object refers to, or what the root does",
		Long: "Shows one level of the Containment perspective: the references of an object, largest retained size first.\n\n" +
			objectIDHelp,
		Example: "plumb heap containment app.heapsnapshot\nplumb heap containment app.heapsnapshot 12345",
		Args:    terminal.Takes("FILE", "[ID]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return withView(ui, cmd, args[0], func(v *devtools.View) error {
					return printContainment(ui, cmd, v, v.Snapshot().Root(), rows)
				})
			}
			return withObject(ui, cmd, args, func(v *devtools.View, n heap.Node) error {
				return printContainment(ui, cmd, v, n, rows)
			})
		},
	}
	rows.Add(cmd, "as DevTools does")
	return cmd
}

func printContainment(ui *terminal.UI, cmd *cobra.Command, v *devtools.View, n heap.Node, rows terminal.Listing) error {
	s := v.Snapshot()
	t := &terminal.Table{
		Columns: append([]terminal.Column{{Key: "edge", Title: "Reference", Kind: terminal.Words}, {Key: "edgeType", Title: "Kind", Kind: terminal.Words}}, objectColumns()...),
		Empty:   "The object refers to nothing.",
	}
	for _, e := range v.Containment(n) {
		cells := []any{s.EdgeName(e), s.EdgeTypeName(e)}
		t.Rows = append(t.Rows, append(cells, objectCells(v, s.EdgeTarget(e))...))
	}
	if err := rows.Apply(ui, cmd, t, "references"); err != nil {
		return err
	}
	return ui.PrintTable(t)
}
