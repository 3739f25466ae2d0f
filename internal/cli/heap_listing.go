package cli

import (
	"cmp"
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
