package nodecmd

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/node"
	"github.com/plumb-dev/plumb/internal/supervise/control"
)

func newPsCommand(ui *terminal.UI) *cobra.Command {
	return &cobra.Command{
		Use:   "ps",
		Short: "List the Node.js programs that run here",
		Long: "List the programs on Node.js, Deno and Bun. Nothing is opened and no signal\n" +
			"is sent: the heap is shown where an inspector is open anyway.\n\n" +
			"Inspector:\n\n" +
			"  closed       plumb opens it when needed, and closes it again\n" +
			"  open         anyone on this machine can connect\n" +
			"  in use       open, and another program is connected: it is left alone\n" +
			"  secret       open, but its address is not published\n" +
			"  unsupported  Bun, or started with --disable-sigusr1\n" +
			"  unknown      another user's program\n\n" +
			"App: what plumb run keeps up (see plumb status).",
		Args: terminal.Takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := node.List(cmd.Context())
			if err != nil {
				return err
			}
			now := time.Now()
			apps := keptUp(cmd.Context())
			people := psTable(list, apps, now, shortPath)
			return ui.Print(terminal.Result{
				Table: psTable(list, apps, now, func(path string) string { return path }),
				Text:  func(w io.Writer) error { return ui.WriteTable(w, people) },
			})
		},
	}
}

// keptUp are the processes that plumb run keeps up, with the names of their apps.
func keptUp(ctx context.Context) map[int]string {
	apps := map[int]string{}
	list, _ := control.Statuses(ctx) // none is no failure here
	for _, s := range list {
		apps[s.PID] = fmt.Sprintf("%s-%d", s.App, s.Instance)
	}
	return apps
}

func psTable(list []node.Running, apps map[int]string, now time.Time, path func(string) string) *terminal.Table {
	app := terminal.Column{Key: "app", Title: "App", Kind: terminal.Words}
	if len(apps) == 0 {
		app.Title = ""
	}
	t := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "pid", Title: "PID", Kind: terminal.Number},
			{Key: "runtime", Title: "Runtime", Kind: terminal.Words},
			{Key: "version", Title: "Version", Kind: terminal.Words},
			{Key: "user", Title: "User", Kind: terminal.Words},
			{Key: "started", Kind: terminal.Words},
			{Key: "uptime", Title: "Uptime", Kind: terminal.Span},
			{Key: "rss", Title: "RSS", Kind: terminal.Size},
			{Key: "heapUsed", Title: "Heap", Kind: terminal.Size},
			{Key: "inspector", Title: "Inspector", Kind: terminal.Words},
			{Key: "script", Title: "Script", Kind: terminal.Words},
			{Key: "dir", Kind: terminal.Words},
			app,
		},
		Empty: "No program runs on Node.js, Deno or Bun here, or none that this user can see.",
	}
	for _, r := range list {
		var heapUsed, started, uptime any
		if r.Heap != nil {
			heapUsed = r.Heap.HeapUsed
		}
		if !r.Started.IsZero() {
			started, uptime = r.Started.Format(time.RFC3339), int64(now.Sub(r.Started).Seconds())
		}
		t.Rows = append(t.Rows, []any{
			r.PID, r.Runtime, r.NodeVersion, r.User, started, uptime, r.RSS, heapUsed, string(r.Inspector), path(r.Script), r.Dir, apps[r.PID],
		})
	}
	return t
}

// shortPath is the end of a path, which tells programs apart.
func shortPath(path string) string {
	const shown = 2
	parts := strings.Split(path, "/")
	if len(parts) <= shown+1 {
		return path
	}
	return "…/" + strings.Join(parts[len(parts)-shown:], "/")
}
