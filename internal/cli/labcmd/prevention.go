package labcmd

import (
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/lab/exhibit"
)

func newPreventionCommand(ui *terminal.UI) *cobra.Command {
	var node string
	cmd := &cobra.Command{
		Use:     "prevention",
		Short:   "Habits that prevent leaks, each run on your Node.js",
		Long:    "Run pairs of small programs, without a habit and with it, on your Node.js, and show\nwhat it prints.",
		Example: "  plumb lab prevention",
		Args:    terminal.Takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			all, err := exhibit.Habits(cmd.Context(), node)
			if errors.Is(err, exec.ErrNotFound) {
				return terminal.WithHint(err, "install Node.js, or name it with --node")
			}
			if err != nil {
				return err
			}
			return ui.Print(terminal.Result{JSON: all, Text: func(w io.Writer) error {
				var out strings.Builder
				fmt.Fprintf(&out, "%d habits that prevent leaks; what they print was printed now.\n", len(all))
				for _, h := range all {
					fmt.Fprintf(&out, "\n%s\n%s\n", h.Title, h.Text)
					for _, p := range []exhibit.Printed{h.Before, h.After} {
						fmt.Fprintf(&out, "\n  %s\n%s\n  prints\n%s\n", p.File, indent(p.Source, "    "), indent(terminalLines(p.Output), "    "))
					}
				}
				_, err := io.WriteString(w, out.String())
				return err
			}})
		},
	}
	cmd.Flags().StringVar(&node, "node", "node", "the Node.js that runs them")
	return cmd
}
