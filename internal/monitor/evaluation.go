package monitor

import (
	"log/slog"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/util/features"
	"github.com/prometheus/prometheus/util/logging"
)

// Limits of queries and rules, as Prometheus' flags have them by default.
const (
	lookback         = 5 * time.Minute
	queryTimeout     = 2 * time.Minute
	queryConcurrency = 20
	queryMaxSamples  = 50_000_000

	outageTolerance = time.Hour        // how long we may be down before "for" starts anew
	forGracePeriod  = 10 * time.Minute // and what is left of it at least
	ruleConcurrency = 4
)

// evaluation evaluates queries and rules.
type evaluation struct {
	engine   *promql.Engine
	tracker  *promql.ActiveQueryTracker
	rules    *rules.Manager
	interval atomic.Int64 // of rules, in milliseconds: the step of a subquery without one

	externalURL string
}

func newEvaluation(s *samples, dir string, notify rules.NotifyFunc, resend time.Duration, p parser.Parser, external *url.URL, log *slog.Logger) (*evaluation, error) {
	// What was asked when we were killed is written down, for the next start to log.
	tracker, err := promql.NewActiveQueryTracker(dir, queryConcurrency, log.With("component", "queries"))
	if err != nil {
		return nil, storageError(dir, err)
	}
	e := &evaluation{externalURL: external.String(), tracker: tracker}
	e.engine = promql.NewEngine(promql.EngineOpts{
		Logger: log.With("component", "queries"), Reg: prometheus.DefaultRegisterer, Parser: p, FeatureRegistry: features.DefaultRegistry,
		MaxSamples: queryMaxSamples, Timeout: queryTimeout, LookbackDelta: lookback, ActiveQueryTracker: tracker,
		NoStepSubqueryIntervalFn: func(int64) int64 { return e.interval.Load() },
		EnableAtModifier:         true, EnableNegativeOffset: true,
	})
	e.rules = rules.NewManager(&rules.ManagerOptions{
		Logger: log.With("component", "rules"), Registerer: prometheus.DefaultRegisterer, Parser: p, FeatureRegistry: features.DefaultRegistry,
		ExternalURL: external, Appendable: s, Queryable: s.local,
		QueryFunc: rules.EngineQueryFunc(e.engine, s), NotifyFunc: notify,
		GroupLoader:     ruleLoader{p, log},
		OutageTolerance: outageTolerance, ForGracePeriod: forGracePeriod, ResendDelay: resend, MaxConcurrentEvals: ruleConcurrency,
		DefaultRuleQueryOffset: func() time.Duration { return 0 },
	})
	return e, nil
}

func (e *evaluation) apply(f *files) error {
	var log promql.QueryLogger
	if f.GlobalConfig.QueryLogFile != "" {
		file, err := logging.NewJSONFileLogger(f.GlobalConfig.QueryLogFile)
		if err != nil {
			return err
		}
		log = file
	}
	e.engine.SetQueryLogger(log)
	every := time.Duration(f.GlobalConfig.EvaluationInterval)
	e.interval.Store(every.Milliseconds())
	var paths []string
	for _, r := range f.rules {
		paths = append(paths, r.path)
	}
	return e.rules.Update(every, paths, f.GlobalConfig.ExternalLabels, e.externalURL, nil)
}
