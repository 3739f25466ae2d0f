package terminal

import (
	"strings"

	"github.com/spf13/cobra"
)

// Takes says which arguments a command has, by the names that its usage line
// shows: Takes("FILE", "ID"). A name in brackets may be left out ("[ID]"), and
// one that ends in "..." may be repeated; both only at the end.
func Takes(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		most := len(names)
		for i, name := range names {
			if strings.Contains(name, "...") {
				most = max(most, len(args))
			}
			if i >= len(args) && !strings.HasPrefix(name, "[") {
				return UsageError(cmd, "%s needs %s", cmd.CommandPath(), strings.TrimSuffix(name, "..."))
			}
		}
		if len(args) > most {
			return UsageError(cmd, "%s: unexpected argument %q", cmd.CommandPath(), args[most])
		}
		return nil
	}
}
