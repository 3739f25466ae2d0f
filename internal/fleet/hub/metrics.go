package hub

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/ledger"
)

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

var (
	descUp          = describe("plumb_hub_up", "Whether the hub reaches NATS.")
	descApps        = describe("plumb_hub_apps", "Instances of apps, by state.", "state")
	descJobs        = describe("plumb_hub_jobs", "Cases that wait for an analyst or are at one, by the memory that they need.", "need", "state")
	descAnalysts    = describe("plumb_hub_analysts", "Analysts that are there, idle or busy with a case.", "state")
	descUnsent      = describe("plumb_hub_chunks_bytes", "Chunks of files that are not put together yet.")
	descResults     = describe("plumb_hub_results", "Cases with a result.")
	descFailed      = describe("plumb_hub_results_failed", "Cases that analysts have given up.")
	descFindings    = describe("plumb_hub_findings", "Findings over all apps, by state.", "state")
	descRegressions = describe("plumb_hub_regressions", "Findings that were fixed and came again.")
	descSpool       = describe("plumb_hub_agent_spool_bytes", "What waits at an agent for the hub, as it said last.", "agent", "host")
	descDropped     = describe("plumb_hub_agent_spool_dropped", "Cases for which an agent's spool had no room, as it said last.", "agent", "host")
)

// collector asks JetStream at each scrape.
type collector struct{ *hub }

// Describe implements [prometheus.Collector].
func (c *collector) Describe(ch chan<- *prometheus.Desc) { prometheus.DescribeByCollect(c, ch) }

// Collect implements [prometheus.Collector]. What cannot be asked is left out.
func (c *collector) Collect(ch chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	if !c.conn.IsConnected() {
		gauge(descUp, 0)
		return
	}
	gauge(descUp, 1)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	c.collectApps(ctx, gauge)
	c.collectAnalysts(ctx, gauge)
	if info, err := c.chunks.Info(ctx); err == nil {
		gauge(descUnsent, float64(info.State.Bytes))
	}
	for need := fleet.LeastNeed; need <= fleet.MostNeed; need++ {
		consumer, err := c.js.Consumer(ctx, fleet.JobsStream, need.String())
		if err != nil {
			continue
		}
		info := consumer.CachedInfo()
		gauge(descJobs, float64(info.NumPending), need.String(), "waiting")
		gauge(descJobs, float64(info.NumAckPending), need.String(), "taken")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.list == nil {
		return
	}
	gauge(descResults, float64(c.results))
	gauge(descFailed, float64(c.failed))
	gauge(descRegressions, float64(c.regress))
	states := map[ledger.State]int{ledger.Grows: 0, ledger.Fixed: 0, ledger.Regressed: 0}
	for _, f := range c.list.Findings() {
		states[f.State]++
	}
	for state, n := range states {
		gauge(descFindings, float64(n), string(state))
	}
}

func (c *collector) collectAnalysts(ctx context.Context, gauge func(*prometheus.Desc, float64, ...string)) {
	bucket, err := c.js.KeyValue(ctx, fleet.AnalystsBucket)
	if err != nil {
		return
	}
	states := map[string]int{fleet.Idle: 0, fleet.Busy: 0}
	names, err := bucket.Keys(ctx) // an error when there are none
	if err != nil && !errors.Is(err, jetstream.ErrNoKeysFound) {
		return
	}
	for _, name := range names {
		if entry, err := bucket.Get(ctx, name); err == nil {
			states[string(entry.Value())]++
		}
	}
	for _, state := range []string{fleet.Idle, fleet.Busy} {
		gauge(descAnalysts, float64(states[state]), state)
	}
}

func (c *collector) collectApps(ctx context.Context, gauge func(*prometheus.Desc, float64, ...string)) {
	apps, now, err := ledger.Apps(ctx, c.js)
	if err != nil {
		return
	}
	states := map[string]int{}
	spools := map[[2]string]fleet.Spooled{}
	for _, a := range apps {
		states[ledger.StateOf(&a, now)]++
		spools[[2]string{a.Agent, a.Host}] = a.Spooled
	}
	for state, n := range states {
		gauge(descApps, float64(n), state)
	}
	for who, s := range spools {
		gauge(descSpool, float64(s.Bytes), who[0], who[1])
		gauge(descDropped, float64(s.Dropped), who[0], who[1])
	}
}
