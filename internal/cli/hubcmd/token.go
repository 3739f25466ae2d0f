package hubcmd

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/sibling"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// roles are those that a token can have.
var roles = []string{"agent", "analyst", "operator"}

func newTokenCommand(ui *terminal.UI, args []string, do *Doer) *cobra.Command {
	var dir, role, nkey string
	var revoke bool
	cmd := &cobra.Command{
		Use:   "token NAME",
		Short: "Make a token for an agent, an analyst or an operator",
		Long: "Print a token for --hub-token-file or PLUMB_HUB_TOKEN. Only what tells it is kept in\n" +
			"the hub's folder: it cannot be shown again. A hub that runs knows it at once.\n\n" +
			"  agent      plumb run, attach, exporter: writes in its own name, and in no other\n" +
			"  analyst    plumb analyze: takes cases, reads snapshots, writes results\n" +
			"  operator   plumb fleet: reads everything, gives commands\n\n" +
			"The owner of an nkey keeps its seed: with --nkey the hub knows the public key.",
		Example: "plumb hub token web-1 > web-1.token\n" +
			"plumb hub token analysts --role analyst\n" +
			"plumb hub token web-1 --revoke",
		Args:        terminal.Takes("NAME"),
		Annotations: terminal.NoCSV,
		RunE: func(cmd *cobra.Command, names []string) error {
			switch {
			case !slices.Contains(roles, role):
				return terminal.UsageError(cmd, "%s: --role %s is none of %s", cmd.CommandPath(), role, strings.Join(roles, ", "))
			case revoke && nkey != "":
				return terminal.UsageError(cmd, "%s: --revoke and --nkey exclude each other", cmd.CommandPath())
			case do == nil:
				return sibling.Run(cmd, ui, program, args)
			}
			path, err := folder(dir)
			if err != nil {
				return err
			}
			if revoke {
				if err := do.Revoke(path, names[0]); err != nil {
					return terminal.WithHint(err, "the tokens of a hub are in tokens.json in its folder (--dir)")
				}
				ui.Note("the token %s opens nothing any more; a connection that is open stays until it ends", names[0])
				return nil
			}
			token, err := do.Token(path, names[0], role, nkey)
			if err != nil {
				return err
			}
			if token.Secret == "" {
				ui.Note("the hub knows the nkey of %s; its token is %s:SEED", token.Name, token.Name)
				return nil
			}
			return ui.Print(terminal.Result{
				JSON: madeToken{token.String()},
				Text: func(w io.Writer) error { _, err := fmt.Fprintln(w, token); return err },
			})
		},
	}
	f := cmd.Flags()
	addDir(cmd, &dir)
	f.StringVar(&role, "role", "agent", "agent, analyst or operator")
	f.StringVar(&nkey, "nkey", "", "public nkey of a user, in place of a secret")
	f.BoolVar(&revoke, "revoke", false, "remove the token")
	return cmd
}

// madeToken is what the hub knows somebody by from now on.
type madeToken struct {
	Token string `json:"token"` // NAME:SECRET
}
