package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/devtools"
)

// stringRow is one group of equal strings in JSON. Length (UTF-16 units) and
// hash are those of a text that the snapshot has only the beginning of.
type stringRow struct {
	Value     text     `json:"value"`
	Count     int      `json:"count"`
	Shallow   uint64   `json:"shallow"`
	Retained  uint64   `json:"retained"`
	Truncated bool     `json:"truncated"`
	Length    *float64 `json:"length,omitempty"`
	Hash      *float64 `json:"hash,omitempty"`
	IDs       []uint64 `json:"ids"`
}

func newHeapStringsCommand(a *app) *cobra.Command {
	var top int
	var all bool
	cmd := &cobra.Command{
		Use:   "strings FILE",
		Short: "List strings that the heap holds more than once",
		Long: "Equal strings, the text that takes most memory first. Strings that are slices of others do not count, and\n" +
			"texts that the snapshot cuts off are equal when their length and hash are.",
		Args: takes("FILE"),
	}
	addTopFlags(cmd, &top, &all)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.withView(cmd, args[0], func(v *devtools.View) error {
			groups := v.DuplicateStrings()
			shown, err := a.limit(cmd, top, all, len(groups))
			if err != nil {
				return err
			}
			return a.printStrings(v, groups[:shown], more(shown, len(groups), "texts"))
		})
	}
	return cmd
}

func (a *app) printStrings(v *devtools.View, groups []devtools.StringGroup, footer string) error {
	t := &table{
		Columns: []column{
			{"value", "String", words},
			{"count", "Count", count},
			{"shallow", "Shallow Size", kilobytes},
			{"retained", "Retained Size", kilobytes},
			{"truncated", "", words},
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
	if err := a.print(result{JSON: out, Table: t}); err != nil {
		return fmt.Errorf("list strings: %w", err)
	}
	return nil
}

func newStringRow(v *devtools.View, g *devtools.StringGroup) stringRow {
	r := stringRow{
		Value: text(g.Value), Count: len(g.Nodes), Shallow: g.Shallow, Retained: g.Retained, Truncated: g.Truncated,
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
