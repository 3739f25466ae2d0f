package heapcmd

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/devtools"
)

// filterFlags choose the objects that a view counts: at most one of them.
type filterFlags struct {
	name, between, before, ids, alloc string
}

func (f *filterFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.name, "filter", "", "only objects of a named filter (see \"plumb heap filters\")")
	flags.StringVar(&f.between, "between", "", "only objects made after the snapshot `A` of the same process")
	flags.StringVar(&f.before, "before", "", "only objects made before the snapshot `A` of the same process")
	flags.StringVar(&f.ids, "ids", "", "only objects with an id above MIN and up to MAX, as `MIN..MAX`")
	flags.StringVar(&f.alloc, "alloc", "", "only objects allocated by a `FUNCTION` of \"plumb heap allocations\": its name, or\n"+
		"the number that DevTools gives it")
}

// filter makes the filter for v; nil when no flag is given.
func (f *filterFlags) filter(ui *terminal.UI, cmd *cobra.Command, v *devtools.View) (devtools.Filter, error) {
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
		return nil, terminal.UsageError(cmd, "%s: %s exclude each other", cmd.CommandPath(), strings.Join(given, " and "))
	case f.name != "":
		filter, err := v.NamedFilter(f.name)
		return filter, terminal.WithHint(err, "the filters of this snapshot: %s", strings.Join(v.FilterNames(), ", "))
	case f.between != "":
		after, err := f.newestID(ui, cmd, f.between)
		return v.IDRange(after, v.MaxJSObjectID()), err
	case f.before != "":
		upTo, err := f.newestID(ui, cmd, f.before)
		return v.IDRange(0, upTo), err
	case f.ids != "":
		return parseIDRange(cmd, f.ids, v)
	default:
		return allocatedBy(v, f.alloc)
	}
}

func (f *filterFlags) newestID(ui *terminal.UI, cmd *cobra.Command, path string) (id uint64, err error) {
	err = withView(ui, cmd, path, func(v *devtools.View) error {
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
		return nil, terminal.UsageError(cmd, "%s: --ids %q is not MIN..MAX, such as 1000..2000", cmd.CommandPath(), text)
	}
	return v.IDRange(after, upTo), nil
}

// allocatedBy finds the function that arg means: its name, or its number among
// those that allocated anything, in file order from 1, as DevTools counts them.
func allocatedBy(v *devtools.View, arg string) (devtools.Filter, error) {
	const verb = "filter by allocation"
	allocations := v.Allocations()
	if allocations == nil {
		return nil, terminal.WithHint(errors.New(verb+": the snapshot has no recorded allocations"),
			"record with allocation stacks on, in DevTools or with HeapProfiler.startTrackingHeapObjects")
	}
	ids := allocationNumbers(v.Snapshot(), allocations)
	var named []uint32
	var numbers []string
	for i, function := range v.Snapshot().TraceFunctions() {
		switch number := ids[uint32(i)]; {
		case number == 0:
		case strconv.Itoa(number) == arg:
			return v.AllocatedBy(uint32(i))
		case function.Name == arg:
			named = append(named, uint32(i))
			numbers = append(numbers, fmt.Sprintf("%d (%s:%d)", number, function.ScriptName, function.Line))
		}
	}
	switch len(named) {
	case 1:
		return v.AllocatedBy(named[0])
	case 0:
		return nil, terminal.WithHint(fmt.Errorf("%s: no function %q allocated anything", verb, arg),
			"the functions are listed by \"plumb heap allocations\"")
	default:
		return nil, terminal.WithHint(fmt.Errorf("%s: %d functions are named %q", verb, len(named), arg),
			"give the number of one: %s", strings.Join(numbers, ", "))
	}
}

func newHeapFiltersCommand(ui *terminal.UI) *cobra.Command {
	return &cobra.Command{
		Use:   "filters FILE",
		Short: "List the named filters and what they show",
		Long: "Each filter is one for --filter of \"plumb heap summary\" and others. \"Retained by X\" are the objects\n" +
			"that would be out of reach without X.",
		Args: terminal.Takes("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withView(ui, cmd, args[0], func(v *devtools.View) error {
				rows, err := v.Filters(cmd.Context())
				if err != nil {
					return err
				}
				t := &terminal.Table{
					Columns: []terminal.Column{
						{Key: "name", Title: "Filter", Kind: terminal.Words},
						{Key: "classes", Title: "Classes", Kind: terminal.Count},
						{Key: "count", Title: "Objects", Kind: terminal.Count},
						{Key: "size", Title: "Shallow Size", Kind: terminal.Kilobytes},
					},
					Empty: "There are no filters.",
				}
				for _, r := range rows {
					t.Rows = append(t.Rows, []any{r.Name, r.Classes, r.Count, r.Size})
				}
				return ui.PrintTable(t)
			})
		},
	}
}
