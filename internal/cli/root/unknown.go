package root

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// runGroup is what a command with commands below it does by itself.
func runGroup(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	return unknownCommand(cmd, args[0])
}

func unknownCommand(cmd *cobra.Command, name string) error {
	hint := fmt.Sprintf("see %q for the commands", cmd.CommandPath()+" --help")
	if cmd.SuggestionsMinimumDistance == 0 {
		cmd.SuggestionsMinimumDistance = 2
	}
	if near := cmd.SuggestionsFor(name); len(near) > 0 {
		for i, name := range near {
			near[i] = strconv.Quote(cmd.CommandPath() + " " + name)
		}
		hint = "did you mean " + strings.Join(near, " or ") + "?"
	}
	return terminal.WithHint(fmt.Errorf("unknown command %q for %q", name, cmd.CommandPath()), "%s", hint)
}

// flagError makes an error of pflag's one of ours. A flag after an unknown
// command is no mistake of the flag's.
func flagError(cmd *cobra.Command, err error) error {
	if words := cmd.Flags().Args(); cmd.HasSubCommands() && len(words) > 0 {
		return unknownCommand(cmd, words[0])
	}
	return terminal.UsageError(cmd, "%s: %w", cmd.CommandPath(), err)
}

func newHelpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Show what a command does",
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(cmd, append(rest, args...)[0])
			}
			cmd.InitDefaultHelpFlag()
			cmd.InitDefaultVersionFlag()
			return cmd.Help()
		},
	}
}
