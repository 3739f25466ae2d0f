package heapcmd

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/devtools"
	"github.com/plumb-dev/plumb/internal/export"
)

// exported are the tables of a snapshot, as JSON.
type exported struct {
	Nodes   string `json:"nodes"` // files
	Edges   string `json:"edges"`
	Strings string `json:"strings"`
}

func newHeapExportCommand(ui *terminal.UI) *cobra.Command {
	var asParquet bool
	var output string
	cmd := &cobra.Command{
		Use:   "export FILE",
		Short: "Write the graph as tables, for SQL",
		Long: "Write three tables of a snapshot, with a row for each node, edge and string: as Parquet for\n" +
			"DuckDB, Polars, Spark and the like, or as CSV. Nodes have DevTools' class, sizes, distance,\n" +
			"dominator and source position. docs/sql.md has queries that answer real questions.",
		Example: "  plumb heap export app.heapsnapshot --parquet\n" +
			"  plumb heap export app.heapsnapshot --csv -o tables\n" +
			"  duckdb -c \"select class, count(*), sum(shallow) from 'app.nodes.parquet' group by 1 order by 3 desc limit 10\"",
		Args: terminal.Takes("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			format := export.CSV
			switch {
			case asParquet == ui.CSV:
				return terminal.UsageError(cmd, "%s: give --parquet or --csv", cmd.CommandPath())
			case asParquet:
				format = export.Parquet
			}
			stem := filepath.Base(args[0])
			if name, _, found := strings.Cut(stem, ".heapsnapshot"); found {
				stem = name
			}
			if err := os.MkdirAll(output, 0o755); err != nil {
				return terminal.WithHint(fmt.Errorf("export: %w", err), "name a folder of yours with -o")
			}
			return withView(ui, cmd, args[0], func(v *devtools.View) error {
				ctx, s := cmd.Context(), v.Snapshot()
				file := func(table string) string { return filepath.Join(output, stem+"."+table+format.Ending) }
				done := exported{file("nodes"), file("edges"), file("strings")}
				var text strings.Builder
				for _, table := range []struct {
					path, what string
					write      func(io.Writer) (int, error)
				}{
					{done.Nodes, "nodes", func(w io.Writer) (int, error) { return format.Nodes(ctx, w, v) }},
					{done.Edges, "edges", func(w io.Writer) (int, error) { return format.Edges(ctx, w, s) }},
					{done.Strings, "strings", func(w io.Writer) (int, error) { return format.Strings(ctx, w, s) }},
				} {
					var rows int
					if err := terminal.WriteWhole(table.path, func(f *os.File) (err error) {
						rows, err = table.write(f)
						return err
					}); err != nil {
						return fmt.Errorf("write %s: %w", table.path, err)
					}
					fmt.Fprintf(&text, "%s %s in %s\n", terminal.Thousands(int64(rows)), table.what, terminal.Printable(table.path))
				}
				if ui.JSON {
					return ui.Print(terminal.Result{JSON: done})
				}
				_, err := io.WriteString(ui.Out, text.String())
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&asParquet, "parquet", false, "write Parquet files")
	cmd.Flags().StringVarP(&output, "output", "o", ".", "the folder to write to")
	return cmd
}
