package cli

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/devtools"
)

func newHeapNodesCommand(a *app) *cobra.Command {
	var (
		ndjson bool
		rows   listing
	)
	cmd := &cobra.Command{
		Use:   "nodes FILE",
		Short: "List every node of the graph",
		Long: "Lists the largest nodes, or with --csv and --ndjson all of them, in the file's order, with every number that\n" +
			"is known of them. --ndjson has the names too: a line with the columns, then one array per line.",
		Example: "plumb heap nodes app.heapsnapshot --csv > nodes.csv",
		Args:    takes("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if ndjson && (a.json || a.csv) {
				return usageError(cmd, "%s: --ndjson excludes --json and --csv", cmd.CommandPath())
			}
			return a.withView(cmd, args[0], func(v *devtools.View) error {
				switch {
				case ndjson:
					return writeFailed(v.NodesNDJSON(cmd.Context(), a.out))
				case a.csv:
					return writeFailed(v.NodesCSV(cmd.Context(), a.out))
				}
				return a.printLargest(cmd, v, rows)
			})
		},
	}
	cmd.Flags().BoolVar(&ndjson, "ndjson", false, "print all columns of all nodes, one JSON array per line")
	rows.add(cmd, "retained")
	return cmd
}

// printLargest shows the nodes that the flags ask for without making a row of
// every other one.
func (a *app) printLargest(cmd *cobra.Command, v *devtools.View, rows listing) error {
	s := v.Snapshot()
	key := map[string]func(heap.Node) int64{
		"":         func(n heap.Node) int64 { return int64(s.RetainedSize(n)) },
		"retained": func(n heap.Node) int64 { return int64(s.RetainedSize(n)) },
		"shallow":  func(n heap.Node) int64 { return int64(s.ShallowSize(n)) },
		"distance": func(n heap.Node) int64 { return int64(s.Distance(n)) },
		"id":       func(n heap.Node) int64 { return int64(s.ID(n)) },
	}[rows.sort]
	if key == nil {
		return unknownSort(cmd, rows.sort, "retained, shallow, distance, id")
	}
	nodes := make([]heap.Node, s.NodeCount())
	for i := range nodes {
		nodes[i] = heap.Node(i)
	}
	slices.SortFunc(nodes, func(x, y heap.Node) int { return cmp.Or(cmp.Compare(key(y), key(x)), cmp.Compare(x, y)) })
	limit, err := a.limit(cmd, rows.top, rows.all, len(nodes))
	if err != nil {
		return err
	}
	t := objectTable(v, nodes[:limit], "The snapshot has no nodes.")
	t.Footer = more(limit, len(nodes), "nodes")
	return a.printTable(t)
}

func writeFailed(err error) error {
	if err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return nil
}
