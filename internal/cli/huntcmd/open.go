package huntcmd

import (
	"context"
	"time"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/report"
	"github.com/plumb-dev/plumb/internal/web"
	"github.com/plumb-dev/plumb/internal/web/findings"
	"github.com/plumb-dev/plumb/internal/web/snapshots"
)

// show shows the report of a hunt, and the snapshots in its folder.
func (f *huntFlags) show(ctx context.Context, ui *terminal.UI, r *report.Report, folder string) error {
	shelf, err := snapshots.NewShelf(folder)
	if err != nil {
		return err
	}
	defer shelf.Close()
	return f.page.Serve(ctx, ui, &web.Site{Parts: []web.Part{&findings.Part{Hunt: r, Ended: time.Now()}, snapshots.New(shelf)}}, "/findings/hunt")
}
