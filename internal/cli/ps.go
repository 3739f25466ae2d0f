package cli

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/node"
)

func newPsCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "ps",
		Short: "List the Node.js programs that run here",
		Long: "List the programs on Node.js, Deno and Bun. Nothing is opened and no signal is\n" +
			"sent: the heap is shown where an inspector is open anyway.\n\n" +
			"Inspector: closed (plumb opens it when needed, and closes it again), open (anyone\n" +
			"on this machine can connect), secret (open, its address is not published),\n" +
			"unsupported (Bun, or --disable-sigusr1), unknown (another user's program).",
		Args: takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := node.List(cmd.Context())
			if err != nil {
				return err
			}
			return a.printTable(psTable(list, time.Now()))
		},
	}
}

func psTable(list []node.Running, now time.Time) *table {
	t := &table{
		Columns: []column{
			{"pid", "PID", number},
			{"runtime", "Runtime", words},
			{"version", "Version", words},
			{"user", "User", words},
			{"started", "", words},
			{"uptime", "Uptime", span},
			{"rss", "RSS", size},
			{"heapUsed", "Heap", size},
			{"inspector", "Inspector", words},
			{"script", "Script", words},
			{"dir", "", words},
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
			r.PID, r.Runtime, r.NodeVersion, r.User, started, uptime, r.RSS, heapUsed, string(r.Inspector), r.Script, r.Dir,
		})
	}
	return t
}
