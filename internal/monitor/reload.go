package monitor

import (
	"errors"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/prometheus/client_golang/prometheus"
)

// Reload reads the files again. When anything in them is wrong, the error says what,
// and everything goes on as it was.
func (s *Server) Reload() error {
	s.reloading.Lock()
	defer s.reloading.Unlock()
	f, err := s.load()
	if err == nil {
		err = s.apply(f, s.ownAddresses(f))
	}
	s.reloads.succeeded(err == nil)
	if err != nil {
		return err
	}
	s.options.Notice("the configuration was read again")
	return nil
}

// apply has every part take over what was loaded, in an order in which none hears
// of what it does not know yet: Alertmanager before its alerts, jobs before their
// targets, and rules when there is somebody to send their alerts.
func (s *Server) apply(f *files, ours []string) error {
	errs := []error{
		s.level.Set(string(f.Runtime.LogLevel)),
		s.samples.apply(f.Config),
		s.samples.remote.ApplyConfig(f.Config),
		s.api.web.ApplyConfig(f.shown),
		s.scraping.apply(f),
	}
	s.sends = len(f.RemoteWriteConfigs) > 0
	debug.SetGCPercent(f.Runtime.GoGC)
	if s.alertmanager != nil {
		s.alertmanager.apply(f)
	}
	errs = append(errs, s.alerting.apply(f, ours))
	if s.evaluation != nil {
		errs = append(errs, s.evaluation.apply(f))
	}
	return errors.Join(errs...)
}

// reloadMetrics tell, under Prometheus' names, how the last reload went.
type reloadMetrics struct {
	ok, when prometheus.Gauge
	signal   chan os.Signal
}

func (m *reloadMetrics) register(reg prometheus.Registerer) {
	m.ok = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "prometheus_config_last_reload_successful", Help: "Whether the last configuration reload attempt was successful.",
	})
	m.when = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "prometheus_config_last_reload_success_timestamp_seconds", Help: "Timestamp of the last successful configuration reload.",
	})
	reg.MustRegister(m.ok, m.when)
}

func (m *reloadMetrics) succeeded(ok bool) {
	if !ok {
		m.ok.Set(0)
		return
	}
	m.ok.Set(1)
	m.when.SetToCurrentTime()
}

// listenForReloads has SIGHUP mean what it means to Prometheus, from the first
// moment: it would end the process otherwise.
func (s *Server) listenForReloads() (stop func()) {
	s.reloads.signal = make(chan os.Signal, 1)
	signal.Notify(s.reloads.signal, syscall.SIGHUP)
	return func() { signal.Stop(s.reloads.signal) }
}
