package hubcmd

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/hub"
	"github.com/plumb-dev/plumb/internal/cli/sibling"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/node"
	"github.com/plumb-dev/plumb/internal/supervise"
)

// Analyze is what plumb analyze is asked for.
type Analyze struct {
	Link   fleet.Link
	Name   string
	Memory uint64
	Dir    string
	Keys   []age.Identity
	Notice func(text string)
	Ready  func(most fleet.Need)
}

func newAnalyzeCommand(ui *terminal.UI, args []string, do *Doer) *cobra.Command {
	var link hub.Flags
	var memory, identity string
	var o Analyze
	cmd := &cobra.Command{
		Use:   "analyze",
		Short: "Compare the snapshots of a fleet, on this machine",
		Long: "Take cases from the hub, one at a time, and compare their snapshots, until Ctrl-C.\n" +
			"Any number of machines may do so. Cases that need more than --memory are left to\n" +
			"others. When this program is killed, another one does its case; when its case\n" +
			"cannot be done, it is tried five times, and its result says why.",
		Example: "plumb analyze\n" +
			"plumb analyze --hub tls://hub.example.com:4222 --hub-token-file analysts.token --memory 8G",
		Args:        terminal.Takes(),
		Annotations: terminal.NoCSV,
		RunE: func(cmd *cobra.Command, _ []string) error {
			limit, err := supervise.ParseLimit(memory)
			if err != nil {
				return terminal.UsageError(cmd, "%s: --memory: %w", cmd.CommandPath(), err)
			}
			if o.Dir != "" {
				if info, err := os.Stat(o.Dir); err != nil || !info.IsDir() {
					return terminal.UsageError(cmd, "%s: --dir %s is no folder", cmd.CommandPath(), o.Dir)
				}
			}
			if identity != "" {
				if o.Keys, err = readKeys(identity); err != nil {
					return err
				}
			}
			if o.Link, err = link.Link(cmd); err != nil {
				return err
			}
			if do == nil {
				return sibling.Run(cmd, ui, program, args)
			}
			o.Memory = limit.Of(node.MemoryLimit(os.Getpid()))
			if o.Name, err = os.Hostname(); err != nil {
				o.Name = "analyst"
			}
			o.Name = fmt.Sprintf("%s-%d", o.Name, os.Getpid())
			o.Notice = func(text string) { ui.Note("%s", text) }
			var printing error
			o.Ready = func(most fleet.Need) {
				printing = ui.Print(terminal.Result{
					JSON: analystReady{o.Name, most.String()},
					Text: func(w io.Writer) error {
						_, err := fmt.Fprintf(w, "Analysing as %s what needs %s of memory at most\n", o.Name, most)
						return err
					},
				})
			}
			if err := do.Analyze(cmd.Context(), o); err != nil {
				return err
			}
			return printing
		},
	}
	link.Add(cmd, hub.Local)
	f := cmd.Flags()
	f.StringVar(&memory, "memory", "80%", "what a comparison may take: 8G, or a share of what the cgroup or the machine has")
	f.StringVar(&identity, "identity", "", "file with the private keys of age for what agents encrypt (age-keygen)")
	f.StringVar(&o.Dir, "dir", "", "folder for snapshots while they are compared (default "+filepath.ToSlash(os.TempDir())+")")
	return cmd
}

// analystReady is an analyst's name, and the memory that it may take.
type analystReady struct {
	Name string `json:"name"`
	Most string `json:"most"`
}

// readKeys reads private keys as age-keygen writes them.
func readKeys(path string) ([]age.Identity, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, terminal.WithHint(fmt.Errorf("read the keys: %w", err), "--identity takes a file that age-keygen has written")
	}
	defer file.Close()
	keys, err := age.ParseIdentities(file)
	if err != nil {
		return nil, terminal.WithHint(fmt.Errorf("read the keys in %s: %w", path, err), "--identity takes a file that age-keygen has written")
	}
	return keys, nil
}
