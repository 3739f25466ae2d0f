package runcmd

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/cli/watchcmd"
	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/diagnosis/call"
	"github.com/plumb-dev/plumb/internal/metrics"
	"github.com/plumb-dev/plumb/internal/supervise"
)

// runMetrics shows what plumb keeps up to Prometheus.
type runMetrics struct {
	*watchcmd.MetricsServer
	instances map[string]*metrics.Instance

	mu      sync.Mutex
	targets map[int]*metrics.Target // by process id
}

// newRunMetrics listens; nil when there are to be no metrics.
func newRunMetrics(ui *terminal.UI, cmd *cobra.Command, f *watchcmd.MetricsFlags, apps []supervise.App) (*runMetrics, error) {
	server, err := f.Listen(ui, cmd)
	if server == nil {
		return nil, err
	}
	m := &runMetrics{MetricsServer: server, instances: map[string]*metrics.Instance{}, targets: map[int]*metrics.Target{}}
	for _, app := range apps {
		for n := range app.Instances {
			i := m.Collector.Instance(app.Name, strconv.Itoa(n))
			i.Expect(string(supervise.Exited), string(supervise.MemoryLimit), string(supervise.HeapOOM), string(supervise.KernelOOM))
			m.instances[instanceKey(app.Name, n)] = i
		}
	}
	return m, nil
}

// where is the address of the metrics, "" when there are none.
func (m *runMetrics) where() string {
	if m == nil {
		return ""
	}
	return m.Address()
}

// desk is where calls are taken, nil for nowhere.
func (m *runMetrics) desk() *call.Desk {
	if m == nil {
		return nil
	}
	return m.Desk
}

func instanceKey(app string, n int) string { return app + "/" + strconv.Itoa(n) }

// predict says when the limits will be reached, as things go.
func (m *runMetrics) predict(list []supervise.Status) {
	for _, one := range list {
		i := m.instances[instanceKey(one.App, one.Instance)]
		if i.Unpredict(); one.ToLimit > 0 {
			i.Predict(time.Duration(one.ToLimit * float64(time.Second)))
		}
	}
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

// app is the name under which an app is shown.
func (m *runMetrics) app(c supervise.Connection) string {
	return m.instances[instanceKey(c.App, c.Instance)].App()
}

// requests counts those of a process, for its diagnosis.
func (m *runMetrics) requests(c supervise.Connection) func(context.Context) (uint64, bool) {
	return m.target(m.instances[instanceKey(c.App, c.Instance)], c.Process.Info().PID).Requests
}

func (m *runMetrics) found(c supervise.Connection, f *diagnosis.Finding) {
	watchcmd.ShowFinding(m.instances[instanceKey(c.App, c.Instance)], f)
}
