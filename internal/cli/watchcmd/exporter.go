package watchcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/metrics"
)

type exporterFlags struct {
	pids    []int
	match   string
	listen  string
	labels  []string
	passive bool
	fleet   FleetFlags
	token   string // file
	store   StoreFlags
}

func newExporterCommand(ui *terminal.UI) *cobra.Command {
	var flags exporterFlags
	cmd := &cobra.Command{
		Use:   "exporter",
		Short: "Show running Node.js programs as Prometheus metrics",
		Long: "Serve the metrics of Node.js programs that run here already, until Ctrl-C: those\n" +
			"of prom-client by the same names, HTTP durations by route, and plumb_*. Programs\n" +
			"are found as they come and go. Their code does not change, and they need no\n" +
			"package.\n\n" +
			"  /metrics        all programs, or one with ?pid=N\n" +
			"  /sd             the programs as targets, for Prometheus' http_sd\n" +
			"  /healthz        for whoever looks after plumb\n" +
			"  /api/diagnosis  names what leaks, for plumb monitor when an alert fires\n\n" +
			"The inspector of each program is opened for a moment (SIGUSR1) to put a probe in,\n" +
			"and closed again; the program prints \"Debugger listening\" and the like then. The\n" +
			"probe leaves when plumb does. With --passive programs are left alone: only what\n" +
			"the system tells is shown.\n\n" +
			"A diagnosis takes two snapshots some minutes apart, during which the program\n" +
			"stands still. None is taken before one is called for.\n\n" +
			"What plumb run keeps up has its metrics there already, and is left out here.",
		Example: "plumb exporter\n" +
			"plumb exporter --match 'node .*/shop/' --label app=memory-leak-demo\n" +
			"plumb exporter --pid 1234 --listen 127.0.0.1:9500",
		Args:        terminal.Takes(),
		Annotations: terminal.NoCSV,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return export(ui, cmd, &flags)
		},
	}
	f := cmd.Flags()
	f.IntSliceVar(&flags.pids, "pid", nil, "only this process; may be repeated")
	f.StringVar(&flags.match, "match", "", "only programs whose command line matches this regular expression")
	f.StringVar(&flags.listen, "listen", "127.0.0.1:9465", "address to serve at")
	AddLabelFlag(cmd, &flags.labels)
	addTokenFlag(cmd, &flags.token)
	flags.store.add(cmd)
	flags.fleet.Add(cmd)
	f.BoolVar(&flags.passive, "passive", false, "do not enter the programs")
	return cmd
}

// AddLabelFlag adds --label, for all commands that show metrics.
func AddLabelFlag(cmd *cobra.Command, labels *[]string) {
	cmd.Flags().StringArrayVar(labels, "label", nil, "label of every metric, as name=value; may be repeated")
}

// ParseLabels reads the values of --label.
func ParseLabels(cmd *cobra.Command, given []string) (map[string]string, error) {
	labels := map[string]string{}
	for _, text := range given {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return nil, terminal.UsageError(cmd, "%s: --label %q is not name=value", cmd.CommandPath(), text)
		}
		if err := metrics.CheckLabel(name); err != nil {
			return nil, terminal.UsageError(cmd, "%s: %w", cmd.CommandPath(), err)
		}
		labels[name] = value
	}
	return labels, nil
}

// exporterReady is where the exporter serves, and the number of programs it found.
type exporterReady struct {
	Metrics  string `json:"metrics"`
	SD       string `json:"sd"` // targets for Prometheus' http_sd_configs
	Programs int    `json:"programs"`
}

func export(ui *terminal.UI, cmd *cobra.Command, flags *exporterFlags) error {
	options, err := flags.options(cmd)
	if err != nil {
		return err
	}
	options.Notice = func(text string) { ui.Note("%s", text) }
	options.Kept = keptByOthers
	ctx, cancel := context.WithCancel(cmd.Context())
	defer cancel()
	d, err := newExporterDiagnosis(ui, cmd, flags)
	if err != nil {
		return err
	}
	options.Attend = d.attend
	if d.fleet, err = flags.fleet.Open(ui, cmd); err != nil {
		return err
	}
	if d.fleet != nil {
		d.compare = d.fleet.Compare
	}
	exporter, err := metrics.NewExporter(ctx, options)
	if err != nil {
		return err
	}
	listener, err := listenForMetrics(ui, flags.listen)
	if err != nil {
		return err
	}
	if err := d.open(listener.Addr().String()); err != nil {
		return errors.Join(err, listener.Close())
	}
	defer d.forget()
	if d.fleet != nil {
		exporter.ShowSpool(d.fleet.Spool)
		if err := d.fleet.Start(d.desk, func(context.Context) []fleet.App { return exportedApps(exporter, listener.Addr().String()) }); err != nil {
			return errors.Join(err, listener.Close())
		}
		defer d.fleet.Close()
	}
	base := "http://" + listener.Addr().String()
	err = ui.Print(terminal.Result{
		JSON: exporterReady{base + "/metrics", base + "/sd", exporter.Programs()},
		Text: func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "Serving the metrics of %s at %s/metrics\n", terminal.Plural(int64(exporter.Programs()), "program"), base)
			return err
		},
	})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: exporterPages(exporter, d), ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() {
		served <- server.Serve(listener)
		cancel()
	}()
	err = exporter.Run(ctx)
	stopping, stopped := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer stopped()
	_ = server.Shutdown(stopping) // a scrape that is slower is cut off
	_ = server.Close()
	if failure := <-served; err == nil && !errors.Is(failure, http.ErrServerClosed) {
		err = fmt.Errorf("serve metrics: %w", failure)
	}
	if errors.Is(err, metrics.ErrAllEnded) {
		ui.Note("the processes to show have ended")
		return nil
	}
	return err
}

func (f *exporterFlags) options(cmd *cobra.Command) (metrics.ExporterOptions, error) {
	options := metrics.ExporterOptions{PIDs: f.pids, Passive: f.passive}
	var err error
	if options.Labels, err = ParseLabels(cmd, f.labels); err != nil {
		return options, err
	}
	if len(f.pids) > 0 && f.match != "" {
		return options, terminal.UsageError(cmd, "%s: --pid and --match exclude each other", cmd.CommandPath())
	}
	if f.match != "" {
		if options.Match, err = regexp.Compile(f.match); err != nil {
			return options, terminal.WithHint(fmt.Errorf("%s: --match: %w", cmd.CommandPath(), err), "for text as it is, put \\ before each of .+*?()[]{}^$|\\")
		}
	}
	return options, nil
}

// listenForMetrics opens the address of metrics. It says so when others can reach it.
func listenForMetrics(ui *terminal.UI, address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, terminal.WithHint(fmt.Errorf("listen at %s: %w", address, err), "give HOST:PORT, such as 127.0.0.1:9465")
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		hint := "give another address with --listen"
		if errors.Is(err, syscall.EADDRINUSE) {
			hint = "something listens there already, perhaps another plumb; --listen 127.0.0.1:0 takes any free port"
		}
		return nil, terminal.WithHint(fmt.Errorf("listen at %s: %w", address, err), "%s", hint)
	}
	noteExposed(ui, host, listener)
	return listener, nil
}

// noteExposed says so when others than this machine reach metrics at a host.
func noteExposed(ui *terminal.UI, host string, listener net.Listener) {
	if tcp, ok := listener.Addr().(*net.TCPAddr); ok && !tcp.IP.IsLoopback() {
		ui.Note("%s is not a loopback address (%s): whoever reaches it reads the metrics; there is no password", host, tcp)
	}
}

func exporterPages(e *metrics.Exporter, d *exporterDiagnosis) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", e)
	mux.HandleFunc("GET /sd", e.Discovery)
	d.handle(mux)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "plumb exporter\n\n/metrics\n/sd\n/healthz\n/api/findings\n/api/findings/ID\n/api/diagnosis   POST, with the token")
	})
	return mux
}

// exportedApps tells a hub of the programs. Those of an app are told apart by their
// process ids: who started them has not numbered them.
func exportedApps(e *metrics.Exporter, address string) (apps []fleet.App) {
	for _, s := range e.Shown() {
		apps = append(apps, fleet.App{
			App: s.App, Instance: s.PID, PID: s.PID, State: "exported", Started: s.Started, RSS: s.RSS, Metrics: address,
		})
	}
	return apps
}
