package heapcmd

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/devtools"
)

func newHeapStatsCommand(ui *terminal.UI) *cobra.Command {
	return &cobra.Command{
		Use:   "stats FILE",
		Short: "Show what kinds of data take the memory",
		Long: "The Statistics perspective of DevTools: the size of the heap divided into kinds of data. Typed arrays and\n" +
			"other non-JS objects lie outside the JavaScript heap.",
		Args: terminal.Takes("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withView(ui, cmd, args[0], func(v *devtools.View) error { return printStats(ui, v.Statistics()) })
		},
	}
}

func printStats(ui *terminal.UI, s devtools.Statistics) error {
	kinds := []struct {
		key, title string
		size       int64
	}{
		{"code", "Code", int64(s.Code)},
		{"strings", "Strings", int64(s.Strings)},
		{"jsArrays", "JS arrays", int64(s.JSArrays)},
		{"typedArrays", "Typed arrays", int64(s.TypedArrays)},
		{"system", "System objects", int64(s.System)},
		{"otherJS", "Other JS objects", s.OtherJS},
		{"otherNonJS", "Other non-JS objects (such as HTML and CSS)", s.OtherNonJS},
		{"total", "Total", int64(s.Total)},
	}
	const empty = "The heap is empty."
	t := &terminal.Table{Columns: []terminal.Column{{Key: "kind", Kind: terminal.Words}, {Key: "size", Kind: terminal.Kilobytes}}, Empty: empty}
	people := &terminal.Table{
		Columns: []terminal.Column{{Title: "Statistics", Kind: terminal.Words}, {Title: "Size", Kind: terminal.Kilobytes}, {Title: "%", Kind: terminal.Percent}}, Empty: empty,
	}
	for _, k := range kinds {
		share := 100 * float64(k.size) / max(float64(s.Total), 1)
		t.Rows = append(t.Rows, []any{k.key, k.size})
		people.Rows = append(people.Rows, []any{k.title, k.size, share})
	}
	return ui.Print(terminal.Result{JSON: s, Table: t, Text: func(w io.Writer) error { return ui.WriteTable(w, people) }})
}
