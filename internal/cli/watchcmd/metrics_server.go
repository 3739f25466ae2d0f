package watchcmd

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/metrics"
)

// MetricsFlags are those of the commands that show metrics beside other work.
type MetricsFlags struct {
	address string
	labels  []string
}

const defaultMetrics = "127.0.0.1:9464"

// Add adds the flags to a command.
func (f *MetricsFlags) Add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.address, "metrics-address", defaultMetrics, "where Prometheus finds /metrics, and /api/findings is, or off")
	AddLabelFlag(cmd, &f.labels)
}

// MetricsServer answers Prometheus, and who asks for findings.
type MetricsServer struct {
	Collector *metrics.Collector
	listener  net.Listener
	http      *http.Server
	serving   sync.WaitGroup
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
	return &MetricsServer{Collector: metrics.New(labels), listener: listener}, nil
}

// Serve answers from now on. before is called before each scrape; findings is the
// folder of findings, "" for the usual one.
func (m *MetricsServer) Serve(ui *terminal.UI, findings string, before func()) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		before()
		m.Collector.ServeHTTP(w, r)
	})
	mux.Handle("/api/findings", findingsAPI(ui, findings))
	mux.Handle("/api/findings/", findingsAPI(ui, findings))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "plumb\n\n/metrics\n/api/findings\n/api/findings/ID")
	})
	m.http = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	m.serving.Go(func() { _ = m.http.Serve(m.listener) })
}

// Address is HOST:PORT where it listens.
func (m *MetricsServer) Address() string { return m.listener.Addr().String() }

// Close ends the answers, not the programs.
func (m *MetricsServer) Close() {
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
