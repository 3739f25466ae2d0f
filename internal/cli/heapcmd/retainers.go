package heapcmd

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/devtools"
)

// retainerRow is a row of heap retainers --json: the object id holds the row
// above through edge.
type retainerRow struct {
	Edge     terminal.Text `json:"edge"`
	EdgeType string        `json:"edgeType"`
	objectRow
	Cycle     bool          `json:"cycle,omitempty"`   // the object is among the rows above
	Ignored   bool          `json:"ignored,omitempty"` // named by --ignore
	Retainers []retainerRow `json:"retainers,omitempty"`
}

func newHeapRetainersCommand(ui *terminal.UI) *cobra.Command {
	var (
		depth  int
		top    int
		ignore []string
	)
	cmd := &cobra.Command{
		Use:   "retainers FILE ID",
		Short: "Show what keeps an object alive",
		Long: "Shows the Retainers perspective of one object: which objects hold it, nearest to the roots first, and\n" +
			"what holds those. Without --depth the first row is opened level by level, as DevTools does.\n\n" + objectIDHelp,
		Example:     "plumb heap retainers app.heapsnapshot 12345\nplumb heap retainers app.heapsnapshot 12345 --depth 3 --json",
		Args:        terminal.Takes("FILE", "ID"),
		Annotations: terminal.NoCSV,
		RunE: func(cmd *cobra.Command, args []string) error {
			if depth < 0 || top < 0 {
				return terminal.UsageError(cmd, "%s: --depth and --top cannot be negative", cmd.CommandPath())
			}
			return withObject(ui, cmd, args, func(v *devtools.View, n heap.Node) error {
				r, err := retaining(cmd, v, args[0], ignore)
				if err != nil {
					return err
				}
				var rows []devtools.Retainer
				if depth > 0 {
					rows = r.Tree(n, depth)
				} else {
					rows = r.Expanded(n)
				}
				if top <= 0 && !ui.JSON {
					top = 10
				}
				return ui.Print(terminal.Result{
					JSON: retainersJSON(v, n, rows, top),
					Text: func(w io.Writer) error { return ui.WriteTable(w, retainersTable(v, n, rows, top)) },
				})
			})
		},
	}
	cmd.Flags().IntVar(&depth, "depth", 0, "open every row down to this level")
	cmd.Flags().IntVar(&top, "top", 0, "show this many rows below one object (default: 10 as text, all with --json)")
	cmd.Flags().StringSliceVar(&ignore, "ignore", nil, "ids of objects to take for absent")
	return cmd
}

// retaining opens the retainers perspective without the objects named by ids.
func retaining(cmd *cobra.Command, v *devtools.View, path string, ids []string) (*devtools.Retaining, error) {
	var nodes []heap.Node
	for _, id := range ids {
		n, err := findObject(v.Snapshot(), path, id)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
	}
	return v.Retaining(cmd.Context(), nodes...)
}

func retainersJSON(v *devtools.View, n heap.Node, rows []devtools.Retainer, top int) any {
	var out struct {
		Rows []retainerRow `json:"rows"`
		Note string        `json:"note,omitempty"`
	}
	out.Rows = newRetainerRows(v, rows, top)
	if len(rows) == 0 {
		out.Rows, out.Note = []retainerRow{}, noRetainers(v, n)
	}
	return out
}

func newRetainerRows(v *devtools.View, rows []devtools.Retainer, top int) []retainerRow {
	var out []retainerRow
	for i, r := range rows {
		if top > 0 && i == top {
			break
		}
		row := retainerRow{
			Edge: terminal.Text(v.Snapshot().EdgeName(r.Edge)), EdgeType: v.Snapshot().EdgeTypeName(r.Edge),
			objectRow: newObjectRow(v, r.Node), Cycle: r.Cycle, Ignored: r.Ignored,
			Retainers: newRetainerRows(v, r.Retainers, top),
		}
		row.Distance = r.Distance
		out = append(out, row)
	}
	return out
}

// retainersTable shows the tree of rows by indentation.
func retainersTable(v *devtools.View, n heap.Node, rows []devtools.Retainer, top int) *terminal.Table {
	t := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "object", Title: "Retainer of " + terminal.Printable(objectLabel(v, n)), Kind: terminal.Words},
			{Key: "distance", Title: "Distance", Kind: terminal.Distance},
			{Key: "shallow", Title: "Shallow Size", Kind: terminal.Kilobytes},
			{Key: "retained", Title: "Retained Size", Kind: terminal.Kilobytes},
		},
		Empty: noRetainers(v, n),
	}
	addRetainers(t, v, rows, top, "")
	return t
}

func addRetainers(t *terminal.Table, v *devtools.View, rows []devtools.Retainer, top int, indent string) {
	s := v.Snapshot()
	for i, r := range rows {
		if top > 0 && i == top {
			more := fmt.Sprintf("%s… %s more (--top)", indent, terminal.Thousands(int64(len(rows)-top)))
			t.Rows = append(t.Rows, []any{more, nil, nil, nil})
			return
		}
		line := indent + terminal.Printable(s.EdgeName(r.Edge)) + " in " + terminal.Printable(objectLabel(v, r.Node))
		if r.Cycle {
			line += " (cycle)"
		}
		var at any = r.Distance
		if r.Ignored {
			at = "ignored"
		}
		t.Rows = append(t.Rows, []any{line, at, s.ShallowSize(r.Node), s.RetainedSize(r.Node)})
		addRetainers(t, v, r.Retainers, top, indent+"  ")
	}
}

// noRetainers says why an object has no row.
func noRetainers(v *devtools.View, n heap.Node) string {
	s := v.Snapshot()
	switch {
	case n == s.Root():
		return "Nothing retains the root: everything hangs on it."
	case s.RetainerCount(n) == 0:
		return "Nothing refers to this object: it is garbage that V8 had not collected when the snapshot was taken."
	}
	for e, from := range s.Retainers(n) {
		if s.EdgeType(e) != heap.WeakEdge && from == s.Root() {
			return "Only the root itself retains this object."
		}
	}
	return "Only weak references lead to this object: nothing keeps it alive."
}
