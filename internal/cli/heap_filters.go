package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/devtools"
)

// filterFlags choose the objects that a view counts: at most one of them.
type filterFlags struct {
	name, between, before, ids string
	alloc                      int
}

func (f *filterFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.name, "filter", "", "only objects of a named filter (see \"plumb heap filters\")")
	flags.StringVar(&f.between, "between", "", "only objects made after the snapshot `A` of the same process")
	flags.StringVar(&f.before, "before", "", "only objects made before the snapshot `A` of the same process")
	flags.StringVar(&f.ids, "ids", "", "only objects with an id above MIN and up to MAX, as `MIN..MAX`")
	flags.IntVar(&f.alloc, "alloc", 0, "only objects allocated by function `N` of \"plumb heap allocations\"")
}

// filter makes the filter for v; nil when no flag is given.
func (f *filterFlags) filter(a *app, cmd *cobra.Command, v *devtools.View) (devtools.Filter, error) {
	var given []string
	for _, name := range []string{"filter", "between", "before", "ids", "alloc"} {
		if cmd.Flags().Changed(name) {
			given = append(given, "--"+name)
		}
	}
	switch {
	case len(given) == 0:
		return nil, nil //nolint:nilnil // the filter that shows everything
	case len(given) > 1:
		return nil, usageError(cmd, "%s: %s exclude each other", cmd.CommandPath(), strings.Join(given, " and "))
	case f.name != "":
		filter, err := v.NamedFilter(f.name)
		return filter, withHint(err, "the filters of this snapshot: %s", strings.Join(v.FilterNames(), ", "))
	case f.between != "":
		after, err := f.newestID(a, cmd, f.between)
		return v.IDRange(after, v.MaxJSObjectID()), err
	case f.before != "":
		upTo, err := f.newestID(a, cmd, f.before)
		return v.IDRange(0, upTo), err
	case f.ids != "":
		return parseIDRange(cmd, f.ids, v)
	default:
		return allocatedBy(v, f.alloc)
	}
}

func (f *filterFlags) newestID(a *app, cmd *cobra.Command, path string) (id uint64, err error) {
	err = a.withView(cmd, path, func(v *devtools.View) error {
		id = v.MaxJSObjectID()
		return nil
	})
	return id, err
}

func parseIDRange(cmd *cobra.Command, text string, v *devtools.View) (devtools.Filter, error) {
	from, to, ok := strings.Cut(text, "..")
	after, err1 := strconv.ParseUint(from, 10, 64)
	upTo, err2 := strconv.ParseUint(to, 10, 64)
	if !ok || err1 != nil || err2 != nil {
		return nil, usageError(cmd, "%s: --ids %q is not MIN..MAX, such as 1000..2000", cmd.CommandPath(), text)
	}
	return v.IDRange(after, upTo), nil
}

// allocatedBy takes the number of a function as DevTools gives it out: from 1,
// in file order, functions that allocated nothing left out.
func allocatedBy(v *devtools.View, number int) (devtools.Filter, error) {
	const hint = "take the number from \"plumb heap allocations\"; it needs a snapshot with recorded allocations"
	allocations := v.Allocations()
	if allocations == nil {
		return nil, withHint(errors.New("filter by allocation: the snapshot has no recorded allocations"), hint)
	}
	left := number
	for function := range v.Snapshot().TraceFunctions() {
		if allocations.Root(uint32(function)) == nil {
			continue
		}
		if left--; left == 0 {
			return v.AllocatedBy(uint32(function))
		}
	}
	return nil, withHint(fmt.Errorf("filter by allocation: no function has the number %d", number), hint)
}

func newHeapFiltersCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "filters FILE",
		Short: "List the named filters and what they show",
		Long: "Each filter is one for --filter of \"plumb heap summary\" and others. \"Retained by X\" are the objects\n" +
			"that would be out of reach without X.",
		Args: takes("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withView(cmd, args[0], func(v *devtools.View) error {
				rows, err := v.Filters(cmd.Context())
				if err != nil {
					return err
				}
				t := &table{
					Columns: []column{
						{"name", "Filter", words}, {"classes", "Classes", count}, {"count", "Objects", count},
						{"size", "Shallow Size", kilobytes},
					},
					Empty: "There are no filters.",
				}
				for _, r := range rows {
					t.Rows = append(t.Rows, []any{r.Name, r.Classes, r.Count, r.Size})
				}
				return a.printTable(t)
			})
		},
	}
}
