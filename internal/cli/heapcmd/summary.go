package heapcmd

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap/wtf8"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/devtools"
)

// classFlags choose the classes that a view lists, their order and number.
type classFlags struct {
	name, class, sort string
	top               int
	all               bool
}

func (f *classFlags) add(cmd *cobra.Command, sorts ...string) {
	flags := cmd.Flags()
	flags.StringVar(&f.name, "name", "", "only classes whose name matches the JavaScript regular expression `REGEX`")
	flags.StringVar(&f.class, "class", "", "only classes whose name contains `TEXT`, in any case, as in DevTools' filter box")
	flags.StringVar(&f.sort, "sort", "", "sort by `COLUMN`: "+strings.Join(sorts, ", "))
	terminal.AddTopFlags(cmd, &f.top, &f.all)
}

// nameMatcher says which class names the flags let through.
func (f *classFlags) nameMatcher(cmd *cobra.Command) (func(string) bool, error) {
	if f.name != "" && f.class != "" {
		return nil, terminal.UsageError(cmd, "%s: --name and --class exclude each other", cmd.CommandPath())
	}
	if f.name != "" {
		re, err := devtools.ParseJSRegexp(f.name)
		if err != nil {
			return nil, terminal.UsageError(cmd, "%s: --name: %w", cmd.CommandPath(), err)
		}
		return re.MatchString, nil
	}
	text := strings.ToLower(f.class)
	return func(name string) bool { return strings.Contains(strings.ToLower(name), text) }, nil
}

func newHeapSummaryCommand(ui *terminal.UI) *cobra.Command {
	var objects filterFlags
	var classes classFlags
	cmd := &cobra.Command{
		Use:   "summary FILE",
		Short: "List the classes of objects with their sizes",
		Long: "The Summary perspective of DevTools: objects grouped by constructor, the class that keeps most memory\n" +
			"alive first. Shallow Size is the objects' own memory; retained size is what would be freed with them.",
		Example: "plumb heap summary app.heapsnapshot\n" +
			"plumb heap summary after.heapsnapshot --between before.heapsnapshot\n" +
			"plumb heap summary app.heapsnapshot --filter duplicatedStrings --json",
		Args: terminal.Takes("FILE"),
	}
	objects.add(cmd)
	classes.add(cmd, "name", "count", "distance", "shallow", "retained")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return withView(ui, cmd, args[0], func(v *devtools.View) error {
			filter, err := objects.filter(ui, cmd, v)
			if err != nil {
				return err
			}
			rows, err := v.Summary(cmd.Context(), filter)
			if err != nil {
				return err
			}
			return printSummary(ui, cmd, v, rows, &classes)
		})
	}
	return cmd
}

// pickClasses leaves out the rows whose class the flags do not name, sorts the
// others and says how many of them to show.
func pickClasses[Row any](
	ui *terminal.UI, cmd *cobra.Command, flags *classFlags, rows []Row,
	name func(Row) string, sort func(*cobra.Command, []Row, string) error,
) (picked []Row, shown int, err error) {
	matches, err := flags.nameMatcher(cmd)
	if err != nil {
		return nil, 0, err
	}
	rows = slices.DeleteFunc(rows, func(r Row) bool { return !matches(name(r)) })
	if err := sort(cmd, rows, flags.sort); err != nil {
		return nil, 0, err
	}
	shown, err = ui.Limit(cmd, flags.top, flags.all, len(rows))
	return rows, shown, err
}

func printSummary(ui *terminal.UI, cmd *cobra.Command, v *devtools.View, rows []devtools.ClassRow, flags *classFlags) error {
	empty := "No object passes the filter."
	if len(rows) > 0 {
		empty = fmt.Sprintf("None of the %s classes matches.", terminal.Thousands(int64(len(rows))))
	}
	name := func(r devtools.ClassRow) string { return r.Name }
	rows, shown, err := pickClasses(ui, cmd, flags, rows, name, sortSummary)
	if err != nil {
		return err
	}
	t := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "key", Kind: terminal.Words},
			{Key: "name", Title: "Constructor", Kind: terminal.Words},
			{Key: "count", Title: "Count", Kind: terminal.Count},
			{Key: "distance", Title: "Distance", Kind: terminal.Distance},
			{Key: "shallow", Title: "Shallow Size", Kind: terminal.Kilobytes},
			{Key: "retained", Title: "Retained Size", Kind: terminal.Kilobytes},
		},
		Empty: empty,
	}
	people := &terminal.Table{
		Columns: []terminal.Column{
			{Title: "Constructor", Kind: terminal.Words},
			{Title: "Count", Kind: terminal.Count},
			{Title: "Distance", Kind: terminal.Distance},
			{Title: "Shallow Size", Kind: terminal.Kilobytes},
			{Title: "%", Kind: terminal.Percent},
			{Title: "Retained Size", Kind: terminal.Kilobytes},
			{Title: "%", Kind: terminal.Percent},
		},
		Empty:  empty,
		Footer: terminal.More(shown, len(rows), "classes"),
	}
	total := float64(v.Snapshot().TotalSize())
	share := func(size uint64) float64 { return 100 * float64(size) / max(total, 1) }
	for _, r := range rows[:shown] {
		t.Rows = append(t.Rows, []any{r.Key, r.Name, r.Count, r.Distance, r.Shallow, r.Retained})
		people.Rows = append(people.Rows, []any{
			r.Name, r.Count, r.Distance, r.Shallow, share(r.Shallow), r.Retained, share(r.Retained),
		})
	}
	return ui.Print(terminal.Result{Table: t, Text: func(w io.Writer) error { return ui.WriteTable(w, people) }})
}

// sortSummary sorts rows as a click on a column's head does in DevTools:
// numbers with the greatest first, names and distances with the least. Rows
// come sorted by retained size.
func sortSummary(cmd *cobra.Command, rows []devtools.ClassRow, by string) error {
	byName := func(a, b devtools.ClassRow) int { return wtf8.Compare(a.Name, b.Name) }
	orders := map[string]func(a, b devtools.ClassRow) int{
		"":         func(devtools.ClassRow, devtools.ClassRow) int { return 0 },
		"name":     byName,
		"distance": func(a, b devtools.ClassRow) int { return cmp.Compare(a.Distance, b.Distance) },
		"count":    func(a, b devtools.ClassRow) int { return cmp.Or(cmp.Compare(b.Count, a.Count), byName(a, b)) },
		"shallow":  func(a, b devtools.ClassRow) int { return cmp.Or(cmp.Compare(b.Shallow, a.Shallow), byName(a, b)) },
		"retained": func(a, b devtools.ClassRow) int { return cmp.Or(cmp.Compare(b.Retained, a.Retained), byName(a, b)) },
	}
	order, ok := orders[by]
	if !ok {
		return terminal.UnknownSort(cmd, by, "name, count, distance, shallow or retained")
	}
	slices.SortStableFunc(rows, order)
	return nil
}
