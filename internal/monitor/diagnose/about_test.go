package diagnose

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/scrape"
)

// shown are the metrics of a target.
type shown []string

func (s shown) ListMetadata() []scrape.MetricMetadata { return nil }
func (s shown) SizeMetadata() int                     { return 0 }
func (s shown) LengthMetadata() int                   { return len(s) }
func (s shown) GetMetadata(name string) (scrape.MetricMetadata, bool) {
	for _, one := range s {
		if one == name {
			return scrape.MetricMetadata{MetricFamily: name}, true
		}
	}
	return scrape.MetricMetadata{}, false
}

// target is one at an address, with more labels.
func target(job, address string, metrics shown, more ...string) *scrape.Target {
	l := labels.NewBuilder(labels.FromStrings(
		model.JobLabel, job, model.InstanceLabel, address, model.AddressLabel, address,
		model.SchemeLabel, "http", model.MetricsPathLabel, "/metrics",
	))
	for i := 0; i < len(more); i += 2 {
		l.Set(more[i], more[i+1])
	}
	t := scrape.NewTarget(l.Labels(), &config.ScrapeConfig{}, nil, nil)
	t.SetMetadataStore(metrics)
	return t
}

var plumbShows = shown{plumbMetric, "nodejs_external_memory_bytes", "plumb_heap_limit_bytes", "http_request_duration_seconds"}

func targetsOf(list ...*scrape.Target) map[string][]*scrape.Target {
	byJob := map[string][]*scrape.Target{}
	for _, t := range list {
		job := t.GetValue(model.JobLabel)
		byJob[job] = append(byJob[job], t)
	}
	return byJob
}

func TestAbout(t *testing.T) {
	const external = "nodejs_external_memory_bytes > 1"
	one := targetsOf(
		target("node", "127.0.0.1:9464", plumbShows),
		target("shop", "127.0.0.1:8080", shown{"nodejs_external_memory_bytes"}), // prom-client in an app
		target("prometheus", "127.0.0.1:9090", shown{"go_goroutines"}),
	)
	fleet := targetsOf(
		target("node", "10.0.0.1:9464", plumbShows, "env", "prod"),
		target("node", "10.0.0.2:9464", plumbShows, "env", "prod"),
		target("node", "10.0.0.3:9464", plumbShows, "env", "test"),
	)
	for _, c := range []struct {
		name    string
		targets map[string][]*scrape.Target
		expr    string
		labels  []string
		want    []string
	}{
		{
			"plumb's own label is exported_instance", one, external,
			[]string{"job", "node", "instance", "127.0.0.1:9464", "app", "api", "exported_instance", "2", "pid", "7"},
			[]string{"http://127.0.0.1:9464 {api 2 7 }"},
		},
		{
			"honor_labels: it is instance", one, external,
			[]string{"job", "node", "instance", "2", "app", "api"},
			[]string{"http://127.0.0.1:9464 {api 2  }"},
		},
		{"attach has no instance", one, external, []string{"job", "node", "instance", "127.0.0.1:9464", "app", "api"}, []string{"http://127.0.0.1:9464 {api   }"}},
		{"a mean over all has no labels", one, "avg(nodejs_external_memory_bytes / 1024) > 2000", nil, []string{"http://127.0.0.1:9464 {   }"}},
		{"a histogram", one, "histogram_quantile(0.9, rate(http_request_duration_seconds_bucket[5m])) > 1", []string{"job", "node"}, []string{"http://127.0.0.1:9464 {   }"}},
		{"recorded by convention", one, "job:nodejs_external_memory_bytes:avg > 1", []string{"job", "node"}, []string{"http://127.0.0.1:9464 {   }"}},
		{"recorded by our rules", one, "plumb:nodejs_heap:used_ratio > 0.85", []string{"job", "node", "app", "api"}, []string{"http://127.0.0.1:9464 {api   }"}},
		{"another job", one, external, []string{"job", "shop", "instance", "127.0.0.1:8080"}, nil},
		{"another metric", one, "up == 0", []string{"job", "node", "instance", "127.0.0.1:9464"}, nil},
		{"not of Node.js", one, "node_filesystem_free_bytes < 1", nil, nil},
		{"an expression that is none", one, "(", []string{"job", "node"}, nil},
		{"one of many by its address", fleet, external, []string{"job", "node", "instance", "10.0.0.2:9464", "app", "api"}, []string{"http://10.0.0.2:9464 {api   }"}},
		{"one that is not there", fleet, external, []string{"job", "node", "instance", "10.0.0.9:9464", "app", "api"}, nil},
		{
			"many that may have the app", fleet, external,
			[]string{"job", "node", "instance", "0", "app", "api", "env", "prod"},
			[]string{"http://10.0.0.1:9464 {api 0  }", "http://10.0.0.2:9464 {api 0  }"},
		},
		{
			"labels of the target are not plumb's",
			targetsOf(target("node", "127.0.0.1:9464", plumbShows, "app", "demo")), external,
			[]string{"job", "node", "instance", "127.0.0.1:9464", "app", "demo", "exported_app", "api"},
			[]string{"http://127.0.0.1:9464 {api   }"},
		},
		{
			"behind a proxy",
			targetsOf(target("node", "proxy:80", plumbShows, model.MetricsPathLabel, "/web1/metrics", "__param_pid", "7")), external,
			[]string{"job", "node"},
			[]string{"http://proxy:80/web1 {   }"},
		},
	} {
		var got []string
		for _, p := range plumbs(c.targets, parser.NewParser(parser.Options{}), labels.FromStrings(c.labels...), c.expr) {
			got = append(got, fmt.Sprint(p.url, " ", p.call))
			if p.call.Why != "" || p.job != "node" {
				t.Errorf("%s: %+v", c.name, p)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}
