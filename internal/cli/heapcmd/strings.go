package heapcmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/devtools"
)

// stringRow is one group of equal strings in JSON. Length (UTF-16 units) and
// hash are those of a text that the snapshot has only the beginning of.
type stringRow struct {
	Value     terminal.Text `json:"value"`
	Count     int           `json:"count"`
	Shallow   uint64        `json:"shallow"`
	Retained  uint64        `json:"retained"`
	Truncated bool          `json:"truncated"`
	Length    *float64      `json:"length,omitempty"`
	Hash      *float64      `json:"hash,omitempty"`
	IDs       []uint64      `json:"ids"`
}

func newHeapStringsCommand(ui *terminal.UI) *cobra.Command {
	var top int
	var all bool
	cmd := &cobra.Command{
		Use:   "strings FILE",
		Short: "List strings that the heap holds more than once",
		Long: "Equal strings, the text that takes most memory first. Strings that are slices of others do not count, and\n" +
			"texts that the snapshot cuts off are equal when their length and hash are.",
		Args: terminal.Takes("FILE"),
	}
	terminal.AddTopFlags(cmd, &top, &all)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return withView(ui, cmd, args[0], func(v *devtools.View) error {
			groups := v.DuplicateStrings()
			shown, err := ui.Limit(cmd, top, all, len(groups))
			if err != nil {
				return err
			}
			return printStrings(ui, v, groups[:shown], terminal.More(shown, len(groups), "texts"))
		})
	}
	return cmd
}

func printStrings(ui *terminal.UI, v *devtools.View, groups []devtools.StringGroup, footer string) error {
	t := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "value", Title: "String", Kind: terminal.Words},
			{Key: "count", Title: "Count", Kind: terminal.Count},
			{Key: "shallow", Title: "Shallow Size", Kind: terminal.Kilobytes},
			{Key: "retained", Title: "Retained Size", Kind: terminal.Kilobytes},
			{Key: "truncated", Kind: terminal.Words},
		},
		Empty:  "No string occurs twice.",
		Footer: footer,
	}
	rows := make([]stringRow, 0, len(groups))
	for i := range groups {
		g := &groups[i]
		t.Rows = append(t.Rows, []any{g.Value, len(g.Nodes), g.Shallow, g.Retained, g.Truncated})
		rows = append(rows, newStringRow(v, g))
	}
	out := struct {
		Rows []stringRow `json:"rows"`
		Note string      `json:"note,omitempty"`
	}{Rows: rows}
	if len(rows) == 0 {
		out.Note = t.Empty
	}
	if err := ui.Print(terminal.Result{JSON: out, Table: t}); err != nil {
		return fmt.Errorf("list strings: %w", err)
	}
	return nil
}

func newStringRow(v *devtools.View, g *devtools.StringGroup) stringRow {
	r := stringRow{
		Value: terminal.Text(g.Value), Count: len(g.Nodes), Shallow: g.Shallow, Retained: g.Retained, Truncated: g.Truncated,
		IDs: make([]uint64, len(g.Nodes)),
	}
	if g.HasLength {
		r.Length = &g.Length
	}
	if g.HasHash {
		r.Hash = &g.Hash
	}
	for i, n := range g.Nodes {
		r.IDs[i] = v.Snapshot().ID(n)
	}
	return r
}
