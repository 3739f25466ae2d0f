package runcmd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/cli/watchcmd"
	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/metrics"
	"github.com/plumb-dev/plumb/internal/supervise"
)

// metricsFlags are those of the metrics of plumb run.
type metricsFlags struct {
	address string
	labels  []string
}

const defaultMetrics = "127.0.0.1:9464"

func (f *metricsFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.address, "metrics-address", defaultMetrics, "where Prometheus finds /metrics, or off")
	watchcmd.AddLabelFlag(cmd, &f.labels)
}

// runMetrics shows what plumb keeps up to Prometheus.
type runMetrics struct {
	collector *metrics.Collector
	instances map[string]*metrics.Instance
	address   string // where it listens
	server    *http.Server
	serving   sync.WaitGroup

	mu      sync.Mutex
	targets map[int]*metrics.Target // by process id
}

// newRunMetrics listens; nil when there are to be no metrics. The usual address
// may be another plumb's: that is no failure.
func newRunMetrics(ui *terminal.UI, cmd *cobra.Command, f *metricsFlags, apps []supervise.App) (*runMetrics, error) {
	if f.address == "off" {
		return nil, nil
	}
	labels, err := watchcmd.ParseLabels(cmd, f.labels)
	if err != nil {
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
	m := &runMetrics{
		collector: metrics.New(labels), instances: map[string]*metrics.Instance{}, targets: map[int]*metrics.Target{},
		address: listener.Addr().String(),
	}
	for _, app := range apps {
		for n := range app.Instances {
			i := m.collector.Instance(app.Name, strconv.Itoa(n))
			i.Expect(string(supervise.Exited), string(supervise.MemoryLimit), string(supervise.HeapOOM), string(supervise.KernelOOM))
			m.instances[instanceKey(app.Name, n)] = i
		}
	}
	m.server = &http.Server{ReadHeaderTimeout: 5 * time.Second}
	m.serving.Go(func() { _ = m.server.Serve(listener) })
	return m, nil
}

// where is the address of the metrics, "" when there are none.
func (m *runMetrics) where() string {
	if m == nil {
		return ""
	}
	return m.address
}

func instanceKey(app string, n int) string { return app + "/" + strconv.Itoa(n) }

// show answers scrapes from now on.
func (m *runMetrics) show(s *supervise.Supervisor) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		for _, one := range s.Status() {
			i := m.instances[instanceKey(one.App, one.Instance)]
			if i.Unpredict(); one.ToLimit > 0 {
				i.Predict(time.Duration(one.ToLimit * float64(time.Second)))
			}
		}
		m.collector.ServeHTTP(w, r)
	})
	m.server.Handler = mux
}

// event follows what happens to the processes.
func (m *runMetrics) event(e supervise.Event) {
	i := m.instances[instanceKey(e.App, e.Instance)]
	if i == nil {
		return
	}
	switch e.Kind {
	case supervise.KindStarted:
		m.target(i, e.PID)
	case supervise.KindEnded:
		m.remove(e.PID)
	case supervise.KindRestarting:
		i.Restarted(string(e.Reason))
	}
}

func (m *runMetrics) target(i *metrics.Instance, pid int) *metrics.Target {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.targets[pid] == nil {
		m.targets[pid] = i.Watch(pid)
	}
	return m.targets[pid]
}

func (m *runMetrics) remove(pid int) {
	m.mu.Lock()
	t := m.targets[pid]
	delete(m.targets, pid)
	m.mu.Unlock()
	if t != nil {
		t.Remove()
	}
}

// connected has a process itself asked. Behind a wrapper it is another one than
// that which was started.
func (m *runMetrics) connected(ctx context.Context, c supervise.Connection) {
	pid := c.Process.Info().PID
	t := m.target(m.instances[instanceKey(c.App, c.Instance)], pid)
	t.Ask(c.Process)
	select {
	case <-ctx.Done():
	case <-c.Process.Done():
	}
	m.remove(pid)
}

// found shows when the last snapshot was taken.
func (m *runMetrics) found(c supervise.Connection, f *diagnosis.Finding) {
	if f.Last != nil {
		m.instances[instanceKey(c.App, c.Instance)].Captured(f.Last.Time)
	}
}

func (m *runMetrics) close() {
	_ = m.server.Close()
	m.serving.Wait()
}
