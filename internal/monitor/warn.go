package monitor

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
)

// warn says what is valid and hardly meant: rules of which there is no file, and alerts
// that are true of an idle Node.js server already, with a threshold taken from a blog
// post most likely.
func (s *Server) warn(ctx context.Context, f *files) {
	for _, pattern := range f.RuleFiles {
		if paths, _ := ruleFiles(pattern); len(paths) == 0 {
			s.options.Notice(fmt.Sprintf("rule_files: there is no %s: it adds no rules", pattern))
		}
	}
	idle := idleServer(time.Now())
	engine := promql.NewEngine(promql.EngineOpts{
		MaxSamples: queryMaxSamples, Timeout: time.Second, LookbackDelta: lookback, Parser: s.parser,
		EnableAtModifier: true, EnableNegativeOffset: true,
	})
	defer func() { _ = engine.Close() }()
	for _, file := range f.rules {
		for _, group := range file.groups.Groups {
			for _, rule := range group.Rules {
				if value, is := firesIdle(ctx, engine, s.parser, idle, rule); is {
					s.options.Notice(fmt.Sprintf("%s: alert %q is true of an idle Node.js server already, with %.4g: raise its threshold",
						file.path, rule.Alert, value))
				}
			}
		}
	}
}

// firesIdle evaluates an alert for a server that does nothing. Alerts that are also
// about other things are not judged.
func firesIdle(ctx context.Context, engine *promql.Engine, p parser.Parser, idle *idleSeries, rule rulefmt.Rule) (value float64, is bool) {
	expression, err := p.ParseExpr(rule.Expr)
	if rule.Alert == "" || err != nil || !idle.knows(expression) {
		return 0, false
	}
	query, err := engine.NewInstantQuery(ctx, idle, nil, rule.Expr, idle.now)
	if err != nil {
		return 0, false
	}
	defer query.Close()
	found, err := query.Exec(ctx).Vector()
	if err != nil || len(found) == 0 {
		return 0, false
	}
	return found[0].F, true
}
