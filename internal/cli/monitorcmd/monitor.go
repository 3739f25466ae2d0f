package monitorcmd

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/plumb-dev/plumb/internal/cli/sibling"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// Options are what plumb monitor is asked for: the options of package
// monitor, which only plumb-server contains.
type Options struct {
	ConfigFile             string
	AlertmanagerConfigFile string

	PrometheusURL string
	Check         bool
	Agent         bool
	Alertmanager  string
	StoragePath   string
	Retention     time.Duration
	All           bool
	BuiltinRules  bool
	ListenAddress []string

	ResendDelay   time.Duration
	DiagnoseEvery time.Duration

	ExternalURL   string
	WebConfigFile string
	TokenFile     string
	AdminAPI      bool
	WriteReceiver bool
	Flags         map[string]string

	LogLevel string
	Log      io.Writer
	Notice   func(text string)
	Private  bool
	Ready    func(summary any, text string)
}

// Monitor does what plumb monitor is asked for.
type Monitor func(context.Context, Options) error

func newMonitorCommand(ui *terminal.UI, args []string, monitor Monitor) *cobra.Command {
	o := Options{ResendDelay: time.Minute, DiagnoseEvery: time.Hour}
	retention, resendDelay, diagnoseEvery := duration{&o.Retention}, duration{&o.ResendDelay}, duration{&o.DiagnoseEvery}
	cmd := &cobra.Command{
		Use:   "monitor",
		Short: "Prometheus and Alertmanager in one, from your own files",
		Long: "Scrape, store, evaluate rules and notify: Prometheus and Alertmanager in one\n" +
			"process, with their files, flags and APIs. Without files it watches what\n" +
			"plumb run keeps up, with rules of its own, and leaves nothing behind.\n\n" +
			"Which Alertmanager is meant by an address of this machine in the file, such\n" +
			"as localhost:9093, is for --alertmanager to say: auto takes the one that\n" +
			"answers there, and the embedded one when none does.\n\n" +
			"When an alert fires for a program that plumb run or plumb attach watches,\n" +
			"that plumb is asked for a diagnosis. The alert goes out at once; later ones\n" +
			"say which variable leaks: plumb_finding, plumb_path, plumb_url.\n\n" +
			"SIGHUP or POST /-/reload reads the files again. When something in them is\n" +
			"wrong, plumb says what, and everything goes on as it was.",
		Example: "plumb monitor\n" +
			"plumb monitor --config.file=prometheus.yml --check\n" +
			"plumb monitor --config.file=prometheus.yml \\\n" +
			"  --alertmanager.config.file=alertmanager.yml",
		Args:        terminal.Takes(),
		Annotations: terminal.NoCSV,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkMonitor(cmd, &o); err != nil {
				return err
			}
			if monitor == nil {
				return sibling.Run(cmd, ui, "plumb-server", args)
			}
			o.Flags = map[string]string{}
			cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) { o.Flags[f.Name] = f.Value.String() })
			o.Private = terminal.IsTerminal(ui.Err)
			o.Log, o.Notice = ui.Err, func(text string) { ui.Note("%s", text) }
			var printing error
			o.Ready = func(summary any, text string) {
				printing = ui.Print(terminal.Result{JSON: summary, Text: func(w io.Writer) error {
					_, err := io.WriteString(w, text)
					return err
				}})
			}
			if err := monitor(cmd.Context(), o); err != nil {
				return err
			}
			return printing
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.ConfigFile, "config.file", "", "configuration of Prometheus")
	f.StringVar(&o.AlertmanagerConfigFile, "alertmanager.config.file", "", "configuration of Alertmanager")
	f.StringVar(&o.Alertmanager, "alertmanager", "auto", "auto, embedded or external")
	f.StringVar(&o.PrometheusURL, "prometheus-url", "", "a Prometheus that runs already, instead of the embedded one")
	f.BoolVar(&o.Check, "check", false, "check the files, and end")
	f.BoolVar(&o.Agent, "agent", false, "scrape and remote_write only")
	f.BoolVar(&o.All, "all", false, "watch every Node.js process of this machine")
	f.BoolVar(&o.BuiltinRules, "builtin-rules", true, "evaluate plumb's rules for Node.js programs, too")
	f.StringVar(&o.StoragePath, "storage.tsdb.path", "", "folder of samples and silences (data/)")
	f.Var(&resendDelay, "rules.alert.resend-delay", "least time before an alert that fires is sent again")
	f.Var(&diagnoseEvery, "diagnose-every", "least time between diagnoses of an app; 0 for none")
	f.Var(&retention, "storage.tsdb.retention.time", "how long samples are kept (15d)")
	f.StringArrayVar(&o.ListenAddress, "web.listen-address", nil, "where to serve (127.0.0.1:9090)")
	f.StringVar(&o.ExternalURL, "web.external-url", "", "URL of this server, for notifications")
	f.StringVar(&o.WebConfigFile, "web.config.file", "", "passwords and TLS, as Prometheus has them")
	f.StringVar(&o.TokenFile, "web.token-file", "", "file with a token that requests must have")
	f.BoolVar(&o.AdminAPI, "web.enable-admin-api", false, "let requests delete series")
	f.BoolVar(&o.WriteReceiver, "web.enable-remote-write-receiver", false, "take what others remote_write to us")
	f.StringVar(&o.LogLevel, "log.level", "warn", "debug, info, warn or error")
	return cmd
}

// checkMonitor finds flags that do not go together.
func checkMonitor(cmd *cobra.Command, o *Options) error {
	modes := []string{"auto", "embedded", "external"}
	switch {
	case !slices.Contains(modes, o.Alertmanager):
		return terminal.UsageError(cmd, "%s: --alertmanager %s is none of %s", cmd.CommandPath(), o.Alertmanager, strings.Join(modes, ", "))
	case o.PrometheusURL != "" && (o.ConfigFile != "" || o.AlertmanagerConfigFile != "" || o.StoragePath != "" || o.Agent || o.All || o.Check):
		return terminal.UsageError(cmd, "%s: with --prometheus-url nothing is scraped, stored or alerted here: it goes with the flags of --web alone", cmd.CommandPath())
	case o.Alertmanager == "external" && o.AlertmanagerConfigFile != "":
		return terminal.UsageError(cmd, "%s: --alertmanager.config.file is for the embedded Alertmanager, and --alertmanager=external wants none", cmd.CommandPath())
	case o.All && o.ConfigFile != "":
		return terminal.UsageError(cmd, "%s: --all is for a watch without --config.file; in a file, scrape plumb exporter", cmd.CommandPath())
	case o.Agent && o.ConfigFile == "":
		return terminal.UsageError(cmd, "%s: --agent needs --config.file, with remote_write in it", cmd.CommandPath())
	case o.Agent && (o.AlertmanagerConfigFile != "" || o.AdminAPI || o.WriteReceiver):
		return terminal.UsageError(cmd, "%s: an agent has no Alertmanager, and no data to administrate or to add to", cmd.CommandPath())
	}
	return nil
}

// duration is a flag in Prometheus' notation: 15d, 2w, 1h30m.
type duration struct{ d *time.Duration }

func (d *duration) Set(text string) error {
	parsed, err := model.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("%q is no duration such as 15d, 2w or 12h", text)
	}
	*d.d = time.Duration(parsed)
	return nil
}

func (d *duration) String() string {
	if d.d == nil || *d.d == 0 {
		return ""
	}
	return model.Duration(*d.d).String()
}

func (d *duration) Type() string { return "duration" }
