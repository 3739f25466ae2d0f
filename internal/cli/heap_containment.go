package cli

import (
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/devtools"
)

func newHeapContainmentCommand(a *app) *cobra.Command {
	var rows listing
	cmd := &cobra.Command{
		Use:   "containment FILE [ID]",
		Short: "Show what an object refers to, or what the root does",
		Long: "Shows one level of the Containment perspective: the references of an object, largest retained size first.\n\n" +
			objectIDHelp,
		Example: "plumb heap containment app.heapsnapshot\nplumb heap containment app.heapsnapshot 12345",
		Args:    takes("FILE", "[ID]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return a.withView(cmd, args[0], func(v *devtools.View) error {
					return a.printContainment(cmd, v, v.Snapshot().Root(), rows)
				})
			}
			return a.withObject(cmd, args, func(v *devtools.View, n heap.Node) error {
				return a.printContainment(cmd, v, n, rows)
			})
		},
	}
	rows.add(cmd, "as DevTools does")
	return cmd
}

func (a *app) printContainment(cmd *cobra.Command, v *devtools.View, n heap.Node, rows listing) error {
	s := v.Snapshot()
	t := &table{
		Columns: append([]column{{"edge", "Reference", words}, {"edgeType", "Kind", words}}, objectColumns()...),
		Empty:   "The object refers to nothing.",
	}
	for _, e := range v.Containment(n) {
		cells := []any{s.EdgeName(e), s.EdgeTypeName(e)}
		t.Rows = append(t.Rows, append(cells, objectCells(v, s.EdgeTarget(e))...))
	}
	if err := rows.apply(a, cmd, t, "references"); err != nil {
		return err
	}
	return a.printTable(t)
}
