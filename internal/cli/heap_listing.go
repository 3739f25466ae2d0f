package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap/wtf8"
)

// listing is how much of a long table is shown, and in which order: the flags
// --sort, --top and --all.
type listing struct {
	sort string
	top  int
	all  bool
}

// defaultTop is how many rows people get who ask for nothing.
const defaultTop = 50

// addFlags gives cmd the flags. Order says what --sort does when it is absent.
func (l *listing) addFlags(cmd *cobra.Command, order string) {
	cmd.Flags().StringVar(&l.sort, "sort", "", "sort rows by this column, numbers from large to small (default: "+order+")")
	cmd.Flags().IntVar(&l.top, "top", 0, fmt.Sprintf("show this many rows (default: %d as text, all with --json and --csv)", defaultTop))
	cmd.Flags().BoolVar(&l.all, "all", false, "show all rows")
}

// limit is the number of rows to show; -1 is all of them.
func (l *listing) limit(a *app) int {
	switch {
	case l.all:
		return -1
	case l.top > 0:
		return l.top
	case a.json || a.csv:
		return -1
	default:
		return defaultTop
	}
}

// apply sorts and cuts t.
func (l *listing) apply(a *app, t *table) error {
	if l.sort != "" {
		if err := sortTable(t, l.sort); err != nil {
			return err
		}
	}
	if limit := l.limit(a); limit >= 0 && len(t.Rows) > limit {
		t.Footer = moreRows(len(t.Rows) - limit)
		t.Rows = t.Rows[:limit]
	}
	return nil
}

// moreRows is the line below a table that was cut.
func moreRows(n int) string { return thousands(int64(n)) + " more rows; --all shows them" }

// sortTable sorts by the column with that key: numbers from large to small,
// words in JavaScript's order; rows that are equal keep their order.
func sortTable(t *table, key string) error {
	at := slices.IndexFunc(t.Columns, func(c column) bool { return c.Key == key })
	if at < 0 {
		var keys []string
		for _, c := range t.Columns {
			keys = append(keys, c.Key)
		}
		return withHint(fmt.Errorf("sort rows: no column %q", key), "columns: %s", strings.Join(keys, ", "))
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
