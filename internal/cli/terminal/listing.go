package terminal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap/wtf8"
)

// shownRows is how many rows of a long table people see unless they ask.
const shownRows = 30

// Listing is how much of a long table is shown, and in which order: the flags
// --sort, --top and --all.
type Listing struct {
	Sort string
	Top  int
	All  bool
}

// Add gives cmd the flags. Order says how rows come without --sort.
func (l *Listing) Add(cmd *cobra.Command, order string) {
	cmd.Flags().StringVar(&l.Sort, "sort", "", "sort by `COLUMN`, numbers from large to small (default: "+order+")")
	AddTopFlags(cmd, &l.Top, &l.All)
}

// Apply sorts and cuts t; what names its rows.
func (l *Listing) Apply(ui *UI, cmd *cobra.Command, t *Table, what string) error {
	if l.Sort != "" {
		if err := sortTable(cmd, t, l.Sort); err != nil {
			return err
		}
	}
	limit, err := ui.Limit(cmd, l.Top, l.All, len(t.Rows))
	if err != nil {
		return err
	}
	t.Footer = More(limit, len(t.Rows), what)
	t.Rows = t.Rows[:limit]
	return nil
}

// sortTable sorts by the column with that key: numbers from large to small,
// words in JavaScript's order; rows that are equal keep their order.
func sortTable(cmd *cobra.Command, t *Table, key string) error {
	at := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Key == key })
	if at < 0 {
		var keys []string
		for _, c := range t.Columns {
			keys = append(keys, c.Key)
		}
		return UnknownSort(cmd, key, strings.Join(keys, ", "))
	}
	slices.SortStableFunc(t.Rows, func(x, y []any) int {
		if a, ok := integer(x[at]); ok {
			b, _ := integer(y[at])
			return cmp.Compare(b, a)
		}
		return wtf8.Compare(Plain(x[at]), Plain(y[at]))
	})
	return nil
}

// AddTopFlags gives cmd those flags of a listing that say how much is shown.
func AddTopFlags(cmd *cobra.Command, top *int, all *bool) {
	cmd.Flags().IntVar(top, "top", shownRows, "print only the first `N` rows (JSON and CSV: all unless given)")
	cmd.Flags().BoolVar(all, "all", false, "print all rows")
}

// Limit is how many of n rows to print.
func (ui *UI) Limit(cmd *cobra.Command, top int, all bool, n int) (int, error) {
	given := cmd.Flags().Changed("top")
	switch {
	case given && all:
		return 0, UsageError(cmd, "%s: --top and --all exclude each other", cmd.CommandPath())
	case given && top < 1:
		return 0, UsageError(cmd, "%s: --top %d is less than 1", cmd.CommandPath(), top)
	case all, !given && (ui.JSON || ui.CSV):
		return n, nil
	default:
		return min(n, top), nil
	}
}

// More says how many rows were left out.
func More(shown, n int, what string) string {
	if shown == n {
		return ""
	}
	return fmt.Sprintf("%s more %s; --all shows them.", Thousands(int64(n-shown)), what)
}

// UnknownSort is the mistake of a --sort that names no column.
func UnknownSort(cmd *cobra.Command, by, columns string) error {
	return WithHint(fmt.Errorf("%s: --sort: no column %q", cmd.CommandPath(), by), "sort by %s", columns)
}
