package watchcmd

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
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
	"github.com/plumb-dev/plumb/internal/web"
	"github.com/plumb-dev/plumb/internal/web/guard"
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
	addTokenFlag(cmd, &f.token)
	AddLabelFlag(cmd, &f.labels)
}

// MetricsServer answers Prometheus, and who asks for findings or calls for a
// diagnosis.
type MetricsServer struct {
	Collector *metrics.Collector
	Desk      *call.Desk

	listener net.Listener
	token    string
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
	if host, _, err := net.SplitHostPort(f.address); err == nil {
		noteExposed(ui, host, listener)
	}
	token, forget, err := keepToken(f.token, listener.Addr().String())
	if err != nil {
		_ = listener.Close()
		return nil, err
	}
	return &MetricsServer{Collector: metrics.New(labels), Desk: call.NewDesk(token), listener: listener, token: token, forget: forget}, nil
}

// addTokenFlag adds --api-token-file.
func addTokenFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "api-token-file", "", "file with the token for POST /api/diagnosis (a new one)")
}

// keepToken is the user's token, in a file, or a new one. A plumb monitor of this user
// finds either; where nothing can be written, there is none but the user's.
func keepToken(file, address string) (token string, forget func(), err error) {
	if file != "" {
		if token, err = control.ReadToken(file); err != nil {
			return "", nil, terminal.WithHint(err, "--api-token-file takes a file that holds the token alone; make one: openssl rand -hex 32")
		}
	} else {
		token = control.NewToken()
	}
	if forget, err = control.KeepToken(address, token); err == nil {
		return token, forget, nil
	}
	if file == "" {
		token = ""
	}
	return token, func() {}, nil
}

// Serve answers from now on. before is called before each scrape; findings is the
// folder of findings, "" for the usual one; watches says whether programs enter the
// desk; site is the page, nil for none. It is for this machine alone, and for who has the
// token.
func (m *MetricsServer) Serve(ui *terminal.UI, findings string, watches bool, before func(), site *web.Site) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		before()
		m.Collector.ServeHTTP(w, r)
	})
	handleFindings(mux, ui, findings, m.Desk)
	if watches {
		mux.Handle(call.Path, callsFor(ui, m.Desk))
	} else {
		mux.Handle(call.Path, noFolder)
	}
	if site != nil && m.Page() != "" {
		site.Version = ui.Version
		mux.Handle("/", &guard.Guard{Token: m.token, Next: lazily(site.Handler)})
		m.serve(mux)
		return
	}
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "plumb\n\n/metrics\n/api/findings\n/api/findings/ID\n/api/diagnosis   POST, with the token")
	})
	m.serve(mux)
}

func (m *MetricsServer) serve(mux *http.ServeMux) {
	m.http = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	m.serving.Go(func() { _ = m.http.Serve(m.listener) })
}

// lazily makes a handler when it is first asked: many a plumb's page is never opened.
func lazily(handler func() http.Handler) http.Handler {
	made := sync.OnceValue(handler)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { made().ServeHTTP(w, r) })
}

// Page is the address of the page, "" where there can be none: only this machine sees
// it, and only who has the token.
func (m *MetricsServer) Page() string { return PageAt(m.Address(), m.token) }

// PageAt is the address of the page of what listens at HOST:PORT with a token.
func PageAt(address, token string) string {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !at.Addr().IsLoopback() || token == "" {
		return ""
	}
	return "http://" + address + "/?token=" + url.QueryEscape(token)
}

// noFolder is the answer of a plumb that cannot keep a finding.
var noFolder = &call.Refusal{
	Status: http.StatusNotImplemented, Text: "this plumb has no folder for findings, and takes no calls",
	Hint: "start it with --findings FOLDER",
}

// callsFor has a desk answer with findings as they are shown elsewhere.
func callsFor(ui *terminal.UI, desk *call.Desk) http.Handler {
	return desk.Handler(func(w io.Writer, f *diagnosis.Finding) error { return reportOf(ui, f).Write(w, report.JSON) })
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
