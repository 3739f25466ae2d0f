package heapcmd

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/devtools"
)

func newHeapNodesCommand(ui *terminal.UI) *cobra.Command {
	var (
		ndjson bool
		rows   terminal.Listing
	)
	cmd := &cobra.Command{
		Use:   "nodes FILE",
		Short: "List every node of the graph",
		Long: "Lists the largest nodes, or with --csv and --ndjson all of them, in the file's order, with every number that\n" +
			"is known of them. --ndjson has the names too: a line with the columns, then one array per line.",
		Example: "plumb heap nodes app.heapsnapshot --csv > nodes.csv",
		Args:    terminal.Takes("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if ndjson && (ui.JSON || ui.CSV) {
				return terminal.UsageError(cmd, "%s: --ndjson excludes --json and --csv", cmd.CommandPath())
			}
			return withView(ui, cmd, args[0], func(v *devtools.View) error {
				switch {
				case ndjson:
					return writeFailed(v.NodesNDJSON(cmd.Context(), ui.Out))
				case ui.CSV:
					return writeFailed(v.NodesCSV(cmd.Context(), ui.Out))
				}
				return printLargest(ui, cmd, v, rows)
			})
		},
	}
	cmd.Flags().BoolVar(&ndjson, "ndjson", false, "print all columns of all nodes, one JSON array per line")
	rows.Add(cmd, "retained")
	return cmd
}

// printLargest shows the nodes that the flags ask for without making a row of
// every other one.
func printLargest(ui *terminal.UI, cmd *cobra.Command, v *devtools.View, rows terminal.Listing) error {
	s := v.Snapshot()
	key := map[string]func(heap.Node) int64{
		"":         func(n heap.Node) int64 { return int64(s.RetainedSize(n)) },
		"retained": func(n heap.Node) int64 { return int64(s.RetainedSize(n)) },
		"shallow":  func(n heap.Node) int64 { return int64(s.ShallowSize(n)) },
		"distance": func(n heap.Node) int64 { return int64(s.Distance(n)) },
		"id":       func(n heap.Node) int64 { return int64(s.ID(n)) },
	}[rows.Sort]
	if key == nil {
		return terminal.UnknownSort(cmd, rows.Sort, "retained, shallow, distance, id")
	}
	nodes := make([]heap.Node, s.NodeCount())
	for i := range nodes {
		nodes[i] = heap.Node(i)
	}
	slices.SortFunc(nodes, func(x, y heap.Node) int { return cmp.Or(cmp.Compare(key(y), key(x)), cmp.Compare(x, y)) })
	limit, err := ui.Limit(cmd, rows.Top, rows.All, len(nodes))
	if err != nil {
		return err
	}
	t := objectTable(v, nodes[:limit], "The snapshot has no nodes.")
	t.Footer = terminal.More(limit, len(nodes), "nodes")
	return ui.PrintTable(t)
}

func writeFailed(err error) error {
	if err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return nil
}
