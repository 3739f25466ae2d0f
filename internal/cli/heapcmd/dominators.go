package heapcmd

import (
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/devtools"
)

func newHeapDominatorsCommand(ui *terminal.UI) *cobra.Command {
	return &cobra.Command{
		Use:   "dominators FILE ID",
		Short: "Show which objects alone keep an object alive",
		Long: "Shows the chain of dominators from an object up to the root: were any of them gone, the object would be\n" +
			"freed.\n\n" + objectIDHelp,
		Example: "plumb heap dominators app.heapsnapshot 12345",
		Args:    terminal.Takes("FILE", "ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withObject(ui, cmd, args, func(v *devtools.View, n heap.Node) error {
				return ui.PrintTable(objectTable(v, v.Dominators(n), "The object has no dominators."))
			})
		},
	}
}

func newHeapDominatedCommand(ui *terminal.UI) *cobra.Command {
	var rows terminal.Listing
	cmd := &cobra.Command{
		Use:   "dominated FILE ID",
		Short: "Show what would be freed with an object",
		Long: "Shows the objects whose immediate dominator is the given one: what makes up its retained size, one level\n" +
			"deep.\n\n" + objectIDHelp,
		Example: "plumb heap dominated app.heapsnapshot 12345 --top 10",
		Args:    terminal.Takes("FILE", "ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withObject(ui, cmd, args, func(v *devtools.View, n heap.Node) error {
				t := objectTable(v, v.Snapshot().Dominated(n), "The object dominates nothing: its retained size is its shallow size.")
				if rows.Sort == "" {
					rows.Sort = "retained"
				}
				if err := rows.Apply(ui, cmd, t, "objects"); err != nil {
					return err
				}
				return ui.PrintTable(t)
			})
		},
	}
	rows.Add(cmd, "retained")
	return cmd
}

// objectTable is a table of objects in the given order.
func objectTable(v *devtools.View, nodes []heap.Node, empty string) *terminal.Table {
	t := &terminal.Table{Columns: objectColumns(), Empty: empty}
	for _, n := range nodes {
		t.Rows = append(t.Rows, objectCells(v, n))
	}
	return t
}
