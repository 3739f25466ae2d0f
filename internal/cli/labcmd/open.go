package labcmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/page"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/lab"
	"github.com/plumb-dev/plumb/internal/web"
	"github.com/plumb-dev/plumb/internal/web/player"
)

// showFlags have the lab shown in the browser.
type showFlags struct {
	open bool
	page page.Flags
}

func (f *showFlags) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.open, "open", false, "show it in the browser")
	f.page.Add(cmd)
}

// lab shows the lab, or one recording in it.
func (f *showFlags) lab(ctx context.Context, ui *terminal.UI, node string, t *lab.Trace) error {
	part, path := player.New(node), "/lab"
	if t != nil {
		path = "/lab/recordings/" + part.Add(t)
	}
	return f.page.Serve(ctx, ui, &web.Site{Parts: []web.Part{part}}, path)
}
