package monitor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/model"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/promqltest"
	"github.com/prometheus/prometheus/rules"
	"go.yaml.in/yaml/v3"
)

// ruleTests is a file of promtool test rules, as far as ours go.
type ruleTests struct {
	RuleFiles          []string       `yaml:"rule_files"`
	EvaluationInterval model.Duration `yaml:"evaluation_interval"`
	Tests              []ruleTest     `yaml:"tests"`
}

type ruleTest struct {
	Interval    model.Duration `yaml:"interval"`
	InputSeries []struct {
		Series string `yaml:"series"`
		Values string `yaml:"values"`
	} `yaml:"input_series"`
	Alerts []expectedAlerts `yaml:"alert_rule_test"`
}

type expectedAlerts struct {
	At     model.Duration `yaml:"eval_time"`
	Name   string         `yaml:"alertname"`
	Alerts []struct {
		Labels      map[string]string `yaml:"exp_labels"`
		Annotations map[string]string `yaml:"exp_annotations"`
	} `yaml:"exp_alerts"`
}

// TestBuiltinRules runs the tests of the built-in rules as promtool does, which is a
// program of its own, and wants each alert to fire in one of them.
func TestBuiltinRules(t *testing.T) {
	dir := filepath.Join("..", "..", "deploy", "prometheus")
	text, err := os.ReadFile(filepath.Join(dir, "alerts.test.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var file ruleTests
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil {
		t.Fatal(err)
	}
	for i := range file.RuleFiles {
		file.RuleFiles[i] = builtin + file.RuleFiles[i]
	}
	all, fired := map[string]bool{}, map[string]bool{}
	for n, test := range file.Tests {
		t.Run(fmt.Sprint(n), func(t *testing.T) { test.run(t, &file, all, fired) })
	}
	for name := range all {
		if !fired[name] {
			t.Errorf("%s fires in no test", name)
		}
	}
}

func (test *ruleTest) run(t *testing.T, file *ruleTests, all, fired map[string]bool) {
	input := fmt.Sprintf("load %s\n", test.Interval)
	for _, s := range test.InputSeries {
		input += "  " + s.Series + " " + s.Values + "\n"
	}
	suite, err := promqltest.NewLazyLoader(input, promqltest.LazyLoaderOpts{EnableAtModifier: true, EnableNegativeOffset: true})
	if err != nil {
		t.Fatal(err)
	}
	defer suite.Close()
	p := parser.NewParser(parser.Options{})
	m := rules.NewManager(&rules.ManagerOptions{
		QueryFunc: rules.EngineQueryFunc(suite.QueryEngine(), suite.Storage()), Appendable: suite.Storage(),
		Context: t.Context(), NotifyFunc: func(context.Context, string, ...*rules.Alert) {}, Logger: promslog.NewNopLogger(),
		Parser: p, GroupLoader: ruleLoader{p, promslog.NewNopLogger()},
	})
	loaded, errs := m.LoadGroups(time.Duration(file.EvaluationInterval), labels.EmptyLabels(), "", nil, false, file.RuleFiles...)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	alerting := map[string]*rules.AlertingRule{}
	var groups []*rules.Group
	for _, g := range loaded {
		groups = append(groups, g)
		for _, r := range g.AlertingRules() {
			r.SetRestored(true)
			alerting[r.Name()], all[r.Name()] = r, true
		}
	}
	slices.SortFunc(groups, func(a, b *rules.Group) int { return strings.Compare(b.Name(), a.Name()) }) // recorded first
	slices.SortStableFunc(test.Alerts, func(a, b expectedAlerts) int { return int(a.At - b.At) })
	at := time.Duration(0)
	for _, expected := range test.Alerts {
		for ; at <= time.Duration(expected.At); at += time.Duration(file.EvaluationInterval) {
			now := time.Unix(0, 0).UTC().Add(at)
			suite.WithSamplesTill(now, func(err error) {
				if err != nil {
					t.Fatal(err)
				}
				for _, g := range groups {
					g.Eval(suite.Context(), now)
				}
			})
		}
		fired[expected.Name] = fired[expected.Name] || len(expected.Alerts) > 0
		expected.compare(t, alerting[expected.Name])
	}
}

func (e *expectedAlerts) compare(t *testing.T, r *rules.AlertingRule) {
	t.Helper()
	if r == nil {
		t.Fatalf("there is no alert %s", e.Name)
	}
	if err := r.LastError(); err != nil {
		t.Errorf("%s: %v", e.Name, err)
	}
	var want, got []string
	for _, a := range e.Alerts {
		a.Labels[labels.AlertName] = e.Name
		want = append(want, labels.FromMap(a.Labels).String()+labels.FromMap(a.Annotations).String())
	}
	for _, a := range r.ActiveAlerts() {
		if a.State == rules.StateFiring {
			got = append(got, a.Labels.String()+a.Annotations.String())
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s after %s: %s", e.Name, e.At, diff)
	}
}
