package hubcmd

import (
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/hub"
	"github.com/plumb-dev/plumb/internal/cli/sibling"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/supervise"
)

// Hub is what plumb hub is asked for.
type Hub struct {
	Dir             string
	Listen          string
	TLSCert, TLSKey string
	Cluster         *fleet.Link
	Replicas        int
	Pages           string
	Keep            time.Duration
	Size            int64
	Webhook         string
	Snapshots       string

	Notice func(text string)
	Ready  func(HubReady)
}

// HubReady is what a hub says when it is ready.
type HubReady struct {
	URL   string `json:"url"`
	Pages string `json:"pages"`
	Dir   string `json:"dir,omitempty"`
	Apps  int    `json:"apps"`
	Cases int    `json:"cases"`
}

type hubFlags struct {
	dir, size string
	o         Hub
	cluster   hub.Flags
	nats      string
}

func newHubCommand(ui *terminal.UI, args []string, do *Doer) *cobra.Command {
	var f hubFlags
	cmd := &cobra.Command{
		Use:   "hub",
		Short: "The middle of a fleet: one list of leaks for all hosts",
		Long: "Keep what the plumbs of many hosts send, hand it to plumb analyze, and show it in\n" +
			"plumb fleet and to Prometheus. A NATS server with JetStream is inside; everything\n" +
			"is on the disk before it is acknowledged. With --nats an existing cluster is used\n" +
			"instead.\n\n" +
			"Agents are plumb run, attach and exporter with --hub. Each has a token, and can\n" +
			"write only in its own name: plumb hub token NAME. On this machine, commands of\n" +
			"the user who started the hub need none.\n\n" +
			"  /sd        the agents as targets, for Prometheus' http_sd\n" +
			"  /metrics   apps, queue, analysts, spools, findings\n" +
			"  /healthz   for whoever looks after the hub",
		Example: "plumb hub\n" +
			"plumb hub --listen 0.0.0.0:4222 --tls-cert hub.pem --tls-key hub.key\n" +
			"plumb hub --nats nats://a:4222,nats://b:4222,nats://c:4222 --replicas 3\n" +
			"plumb hub token web-1 > web-1.token",
		Args:        terminal.Takes(),
		Annotations: terminal.NoCSV,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(cmd); err != nil {
				return err
			}
			if do == nil {
				return sibling.Run(cmd, ui, program, args)
			}
			return runHub(ui, cmd, &f, do)
		},
	}
	flags := cmd.Flags()
	addDir(cmd, &f.dir)
	flags.StringVar(&f.o.Listen, "listen", "127.0.0.1:4222", "where agents find the hub")
	flags.StringVar(&f.o.TLSCert, "tls-cert", "", "certificate of the hub, a PEM file")
	flags.StringVar(&f.o.TLSKey, "tls-key", "", "its key, a PEM file")
	flags.StringVar(&f.nats, "nats", "", "NATS servers that run already, nats://HOST:PORT with commas between")
	flags.IntVar(&f.o.Replicas, "replicas", 1, "with --nats: on how many servers everything is")
	flags.StringVar(&f.o.Pages, "pages", "127.0.0.1:9470", "where Prometheus finds /sd and /metrics")
	flags.DurationVar(&f.o.Keep, "keep", 90*24*time.Hour, "how long findings and snapshots are kept")
	flags.StringVar(&f.size, "size", "", "room for snapshots, as 50G (what the disk has)")
	flags.StringVar(&f.o.Snapshots, "snapshots", "", "bucket for snapshots: file:///FOLDER, s3://, gs:// or azblob:// (the hub's own)")
	flags.StringVar(&f.o.Webhook, "webhook", "", "URL that is told when a leak that was fixed comes again")
	f.cluster.AddTo(cmd)
	cmd.AddCommand(newTokenCommand(ui, args, do))
	return cmd
}

func addDir(cmd *cobra.Command, dir *string) {
	cmd.Flags().StringVar(dir, "dir", "", "the hub's folder (default $XDG_STATE_HOME/plumb/hub)")
}

// folder is the hub's folder.
func folder(given string) (string, error) {
	if given != "" {
		return filepath.Abs(given)
	}
	state := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", terminal.WithHint(fmt.Errorf("find the hub's folder: %w", err), "name one with --dir")
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "plumb", "hub"), nil
}

// check finds what is wrong with the flags.
func (f *hubFlags) check(cmd *cobra.Command) (err error) {
	o := &f.o
	if f.size != "" {
		limit, err := supervise.ParseLimit(f.size)
		if err != nil || limit.Bytes == 0 {
			return terminal.UsageError(cmd, "%s: --size %q is no size", cmd.CommandPath(), f.size)
		}
		o.Size = int64(limit.Bytes)
	}
	if o.Webhook != "" {
		if u, err := url.Parse(o.Webhook); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return terminal.UsageError(cmd, "%s: --webhook %q is no http:// or https:// URL", cmd.CommandPath(), o.Webhook)
		}
	}
	switch {
	case (o.TLSCert == "") != (o.TLSKey == ""):
		return terminal.UsageError(cmd, "%s: --tls-cert and --tls-key go together", cmd.CommandPath())
	case o.Keep <= 0:
		return terminal.UsageError(cmd, "%s: --keep %s is no time", cmd.CommandPath(), o.Keep)
	case o.Replicas < 1 || o.Replicas > 5:
		return terminal.UsageError(cmd, "%s: --replicas %d: 1 to 5", cmd.CommandPath(), o.Replicas)
	case f.nats == "" && o.Replicas > 1:
		return terminal.UsageError(cmd, "%s: --replicas is for a cluster: --nats", cmd.CommandPath())
	case f.nats != "" && (cmd.Flags().Changed("listen") || o.TLSCert != "" || cmd.Flags().Changed("dir")):
		return terminal.UsageError(cmd, "%s: with --nats there is no server inside: --listen, --dir and --tls-cert are for that one", cmd.CommandPath())
	case f.nats != "":
		f.cluster.URL = f.nats
		link, err := f.cluster.Link(cmd)
		if err != nil {
			return err
		}
		o.Cluster = &link
		return nil
	}
	o.Dir, err = folder(f.dir)
	return err
}

func runHub(ui *terminal.UI, cmd *cobra.Command, f *hubFlags, do *Doer) error {
	var printing error
	f.o.Notice = func(text string) { ui.Note("%s", text) }
	f.o.Ready = func(r HubReady) {
		printing = ui.Print(terminal.Result{JSON: r, Text: func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "The hub is at %s\n  pages   %s/metrics, %s/sd\n", r.URL, r.Pages, r.Pages)
			if r.Dir != "" && err == nil {
				_, err = fmt.Fprintf(w, "  data    in %s, kept for %s\n", r.Dir, terminal.TimeSpan(int64(f.o.Keep.Seconds())))
			}
			if err == nil {
				_, err = fmt.Fprintf(w, "  known   %s, %s\n", terminal.Plural(int64(r.Apps), "app instance"), terminal.Plural(int64(r.Cases), "case"))
			}
			return err
		}})
	}
	if err := do.Hub(cmd.Context(), f.o); err != nil {
		return err
	}
	return printing
}
