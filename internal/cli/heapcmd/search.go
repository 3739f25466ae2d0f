package heapcmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/devtools"
)

func newHeapSearchCommand(ui *terminal.UI) *cobra.Command {
	var (
		rows  terminal.Listing
		query devtools.SearchQuery
	)
	cmd := &cobra.Command{
		Use:   "search FILE QUERY",
		Short: "Find objects and strings by name",
		Long: "Lists the objects whose name, as DevTools shows it, contains QUERY; upper and lower case do not matter\n" +
			"unless --case is given. With --regex, QUERY is a JavaScript regular expression and case matters (look-around\n" +
			"and back references are not supported).",
		Example: "plumb heap search app.heapsnapshot Mozilla --top 10\nplumb heap search app.heapsnapshot '^Map$' --regex",
		Args:    terminal.Takes("FILE", "QUERY"),
		RunE: func(cmd *cobra.Command, args []string) error {
			query.Text = args[1]
			if query.Regex { // before the file is read, which may take long
				if _, err := devtools.ParseJSRegexp(query.Text); err != nil {
					return terminal.WithHint(fmt.Errorf("search: %w", err),
						"QUERY is a JavaScript regular expression here; without --regex it is plain text")
				}
			}
			return withView(ui, cmd, args[0], func(v *devtools.View) error {
				found, err := v.Search(cmd.Context(), query, nil)
				if err != nil {
					return err
				}
				t := objectTable(v, found, fmt.Sprintf("No object's name contains %s.", terminal.Printable(query.Text)))
				if err := rows.Apply(ui, cmd, t, "objects"); err != nil {
					return err
				}
				return ui.PrintTable(t)
			})
		},
	}
	cmd.Flags().BoolVar(&query.Regex, "regex", false, "read QUERY as a regular expression")
	cmd.Flags().BoolVar(&query.CaseSensitive, "case", false, "upper and lower case differ")
	rows.Add(cmd, "the file's order")
	return cmd
}
