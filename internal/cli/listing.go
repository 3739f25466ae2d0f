package cli

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

// listing is how much of a long table is shown, and in which order: the flags
// --sort, --top and --all.
type listing struct {
	sort string
	top  int
	all  bool
}

// add gives cmd the flags. Order says how rows come without --sort.
func (l *listing) add(cmd *cobra.Command, order string) {
	cmd.Flags().StringVar(&l.sort, "sort", "", "sort by `COLUMN`, numbers from large to small (default: "+order+")")
	addTopFlags(cmd, &l.top, &l.all)
}

// apply sorts and cuts t; what names its rows.
func (l *listing) apply(a *app, cmd *cobra.Command, t *table, what string) error {
	if l.sort != "" {
		if err := sortTable(cmd, t, l.sort); err != nil {
			return err
		}
	}
	limit, err := a.limit(cmd, l.top, l.all, len(t.Rows))
	if err != nil {
		return err
	}
	t.Footer = more(limit, len(t.Rows), what)
	t.Rows = t.Rows[:limit]
	return nil
}

// sortTable sorts by the column with that key: numbers from large to small,
// words in JavaScript's order; rows that are equal keep their order.
func sortTable(cmd *cobra.Command, t *table, key string) error {
	at := slices.IndexFunc(t.Columns, func(c column) bool { return c.Key == key })
	if at < 0 {
		var keys []string
		for _, c := range t.Columns {
			keys = append(keys, c.Key)
		}
		return unknownSort(cmd, key, strings.Join(keys, ", "))
	}
	slices.SortStableFunc(t.Rows, func(x, y []any) int {
		if a, ok := integer(x[at]); ok {
			b, _ := integer(y[at])
			return cmp.Compare(b, a)
		}
		return wtf8.Compare(plain(x[at]), plain(y[at]))
	})
	return nil
}

func addTopFlags(cmd *cobra.Command, top *int, all *bool) {
	cmd.Flags().IntVar(top, "top", shownRows, "print only the first `N` rows (JSON and CSV: all unless given)")
	cmd.Flags().BoolVar(all, "all", false, "print all rows")
}

// limit is how many of n rows to print.
func (a *app) limit(cmd *cobra.Command, top int, all bool, n int) (int, error) {
	given := cmd.Flags().Changed("top")
	switch {
	case given && all:
		return 0, usageError(cmd, "%s: --top and --all exclude each other", cmd.CommandPath())
	case given && top < 1:
		return 0, usageError(cmd, "%s: --top %d is less than 1", cmd.CommandPath(), top)
	case all, !given && (a.json || a.csv):
		return n, nil
	default:
		return min(n, top), nil
	}
}

// more says how many rows were left out.
func more(shown, n int, what string) string {
	if shown == n {
		return ""
	}
	return fmt.Sprintf("%s more %s; --all shows them.", thousands(int64(n-shown)), what)
}

// unknownSort is the mistake of a --sort that names no column.
func unknownSort(cmd *cobra.Command, by, columns string) error {
	return withHint(fmt.Errorf("%s: --sort: no column %q", cmd.CommandPath(), by), "sort by %s", columns)
}
