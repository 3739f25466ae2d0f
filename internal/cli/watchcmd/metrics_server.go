package watchcmd

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/diagnosis/call"
	"github.com/plumb-dev/plumb/internal/metrics"
	"github.com/plumb-dev/plumb/internal/report"
	"github.com/plumb-dev/plumb/internal/supervise/control"
)

// MetricsFlags are those of the commands that show metrics beside other work.
type MetricsFlags struct {
	address string
	labels  []string
	token   string // file
}

const defaultMetrics = "127.0.0.1:9464"

// Add adds the flags to a command.
func (f *MetricsFlags) Add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.address, "metrics-address", defaultMetrics, "where Prometheus finds /metrics, and /api/findings is, or off")
	flags.StringVar(&f.token, "api-token-file", "", "file with the token for POST /api/diagnosis (a new one)")
	AddLabelFlag(cmd, &f.labels)
}

// MetricsServer answers Prometheus, and who asks for findings or calls for a
// diagnosis.
type MetricsServer struct {
	Collector *metrics.Collector
	Desk      *call.Desk

	listener net.Listener
	forget   func() // the token
	http     *http.Server
	serving  sync.WaitGroup
}

// Listen listens; nil when there are to be no metrics. The usual address
// may be another plumb's: that is no failure.
func (f *MetricsFlags) Listen(ui *terminal.UI, cmd *cobra.Command) (*MetricsServer, error) {
	labels, err := ParseLabels(cmd, f.labels)
	if err != nil || f.address == "off" {
		return nil, err
	}
	listener, err := net.Listen("tcp", f.address)
	switch {
	case err != nil && !cmd.Flags().Changed("metrics-address") && errors.Is(err, syscall.EADDRINUSE):
		ui.Note("there are no metrics: another program listens on %s; --metrics-address HOST:PORT gives another address", f.address)
		return nil, nil
	case err != nil:
		return nil, terminal.WithHint(fmt.Errorf("show metrics: %w", err), "--metrics-address takes HOST:PORT of this machine, or off")
	}
	token, forget, err := f.keepToken(listener.Addr().String())
	if err != nil {
		_ = listener.Close()
		return nil, err
	}
	return &MetricsServer{Collector: metrics.New(labels), Desk: call.NewDesk(token), listener: listener, forget: forget}, nil
}

// keepToken is the user's token, or a new one. A plumb monitor of this user finds
// either; where nothing can be written, there is none but the user's.
func (f *MetricsFlags) keepToken(address string) (token string, forget func(), err error) {
	if f.token != "" {
		if token, err = control.ReadToken(f.token); err != nil {
			return "", nil, terminal.WithHint(err, "--api-token-file takes a file that holds the token alone; make one: openssl rand -hex 32")
		}
	} else {
		token = control.NewToken()
	}
	if forget, err = control.KeepToken(address, token); err == nil {
		return token, forget, nil
	}
	if f.token == "" {
		token = ""
	}
	return token, func() {}, nil
}

// Serve answers from now on. before is called before each scrape; findings is the
// folder of findings, "" for the usual one; watches says whether programs enter the
// desk.
func (m *MetricsServer) Serve(ui *terminal.UI, findings string, watches bool, before func()) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		before()
		m.Collector.ServeHTTP(w, r)
	})
	api := findingsAPI(ui, findings, m.Desk)
	mux.Handle("/api/findings", api)
	mux.Handle("/api/findings/", api)
	var calls http.Handler = &call.Refusal{
		Status: http.StatusNotImplemented, Text: "this plumb keeps no baseline that a program could be compared with",
		Hint: "start plumb run with --capture-at 70%",
	}
	if watches {
		calls = m.Desk.Handler(func(w io.Writer, f *diagnosis.Finding) error { return reportOf(ui, f).Write(w, report.JSON) })
	}
	mux.Handle(call.Path, calls)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "plumb\n\n/metrics\n/api/findings\n/api/findings/ID\n/api/diagnosis   POST, with the token")
	})
	m.http = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	m.serving.Go(func() { _ = m.http.Serve(m.listener) })
}

// Address is HOST:PORT where it listens.
func (m *MetricsServer) Address() string { return m.listener.Addr().String() }

// Close ends the answers, not the programs.
func (m *MetricsServer) Close() {
	m.forget() // before somebody else can listen there
	_ = m.listener.Close()
	if m.http != nil {
		_ = m.http.Close()
	}
	m.serving.Wait()
}

// ShowFinding shows when the last snapshot was taken, and what leaks.
func ShowFinding(i *metrics.Instance, f *diagnosis.Finding) {
	if f.Last != nil {
		i.Captured(f.Last.Time)
	}
	var leaks []metrics.Leak
	for _, l := range f.Leaks() {
		leaks = append(leaks, metrics.Leak{Variable: l.Name, BytesPerRequest: l.BytesPerRequest})
	}
	i.Found(leaks)
}
