package heapcmd

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap/wtf8"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/devtools"
)

func newHeapCompareCommand(ui *terminal.UI) *cobra.Command {
	var classes classFlags
	cmd := &cobra.Command{
		Use:   "compare BASE TARGET",
		Short: "List by class what is new and what is gone since an earlier snapshot",
		Long: "The Comparison perspective of DevTools: the objects that only one of two snapshots of a process has. An\n" +
			"object that has grown is not listed: only the object that it grew by is.",
		Example: "plumb heap compare before.heapsnapshot after.heapsnapshot",
		Args:    terminal.Takes("BASE", "TARGET"),
	}
	classes.add(cmd, "name", "new", "deleted", "delta", "allocSize", "freedSize", "sizeDelta")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return withView(ui, cmd, args[0], func(base *devtools.View) error {
			return withView(ui, cmd, args[1], func(target *devtools.View) error {
				if alike, known := devtools.SameProcess(base.Snapshot(), target.Snapshot()); known && !alike {
					ui.Note("%s and %s are of two processes, or a debugger left the process between them: the same ids stand "+
						"for other objects, so what is new and what is gone means nothing. One plumb takes two that can be compared: "+
						"plumb snapshot PID --count 2", args[0], args[1])
				}
				rows, err := devtools.Compare(cmd.Context(), base, target)
				if err != nil {
					return err
				}
				return printComparison(ui, cmd, rows, &classes)
			})
		})
	}
	return cmd
}

func printComparison(ui *terminal.UI, cmd *cobra.Command, rows []devtools.DiffRow, flags *classFlags) error {
	empty := "No object is new and none is gone."
	if len(rows) > 0 {
		empty = fmt.Sprintf("None of the %s classes that changed matches.", terminal.Thousands(int64(len(rows))))
	}
	name := func(r devtools.DiffRow) string { return r.Name }
	rows, shown, err := pickClasses(ui, cmd, flags, rows, name, sortComparison)
	if err != nil {
		return err
	}
	t := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "key", Kind: terminal.Words},
			{Key: "name", Title: "Constructor", Kind: terminal.Words},
			{Key: "new", Title: "# New", Kind: terminal.Count},
			{Key: "deleted", Title: "# Deleted", Kind: terminal.Count},
			{Key: "delta", Title: "# Delta", Kind: terminal.Change},
			{Key: "allocSize", Title: "Alloc. Size", Kind: terminal.Size},
			{Key: "freedSize", Title: "Freed Size", Kind: terminal.Size},
			{Key: "sizeDelta", Title: "Size Delta", Kind: terminal.Growth},
		},
		Empty:  empty,
		Footer: terminal.More(shown, len(rows), "classes"),
	}
	for _, r := range rows[:shown] {
		t.Rows = append(t.Rows, []any{r.Key, r.Name, r.New, r.Deleted, r.Delta, r.AllocSize, r.FreedSize, r.SizeDelta})
	}
	return ui.PrintTable(t)
}

// sortComparison sorts rows by a column: numbers with the greatest first, then
// by name. Rows come sorted by the size of what is new.
func sortComparison(cmd *cobra.Command, rows []devtools.DiffRow, by string) error {
	number := map[string]func(devtools.DiffRow) int64{
		"":          func(devtools.DiffRow) int64 { return 0 },
		"name":      func(devtools.DiffRow) int64 { return 0 },
		"new":       func(r devtools.DiffRow) int64 { return int64(r.New) },
		"deleted":   func(r devtools.DiffRow) int64 { return int64(r.Deleted) },
		"delta":     func(r devtools.DiffRow) int64 { return int64(r.Delta) },
		"allocSize": func(r devtools.DiffRow) int64 { return int64(r.AllocSize) },
		"freedSize": func(r devtools.DiffRow) int64 { return int64(r.FreedSize) },
		"sizeDelta": func(r devtools.DiffRow) int64 { return r.SizeDelta },
	}
	value, ok := number[by]
	if !ok {
		return terminal.UnknownSort(cmd, by, "name, new, deleted, delta, allocSize, freedSize or sizeDelta")
	}
	if by == "" {
		return nil
	}
	slices.SortStableFunc(rows, func(a, b devtools.DiffRow) int {
		return cmp.Or(cmp.Compare(value(b), value(a)), wtf8.Compare(a.Name, b.Name))
	})
	return nil
}
