package diagnose

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/scrape"

	"github.com/plumb-dev/plumb/internal/diagnosis/call"
)

// plumbMetric is in what every plumb shows, and nobody else.
const plumbMetric = "plumb_up"

// plumb is a target that is one.
type plumb struct {
	job     string
	address string // HOST:PORT
	url     string // without /metrics
	call    call.Call
}

// plumbs are those that an alert can be about, the likeliest first. Alerts about
// something else have none.
func plumbs(targets map[string][]*scrape.Target, p parser.Parser, l labels.Labels, expr string) []plumb {
	metrics := metricsOf(p, expr)
	var exact, possible []plumb
	for job, list := range targets {
		for _, t := range list {
			if _, is := t.GetMetadata(plumbMetric); !is || !shows(t, metrics) {
				continue
			}
			switch same, other := compare(t, l); {
			case other != "" && (other != model.InstanceLabel || !isNumber(l.Get(other))):
			case same:
				exact = append(exact, plumbAt(job, t, l))
			default:
				// With honor_labels the label "instance" is the number that plumb gives, and
				// an alert over many targets has no label of any.
				possible = append(possible, plumbAt(job, t, l))
			}
		}
	}
	found := exact
	if len(exact) == 0 {
		found = possible
	}
	slices.SortFunc(found, func(a, b plumb) int { return strings.Compare(a.url, b.url) })
	return slices.CompactFunc(found, func(a, b plumb) bool { return a.url == b.url })
}

// compare tells whether a label of an alert says this target by its address, and
// which label says another one, "" for none.
func compare(t *scrape.Target, l labels.Labels) (same bool, other string) {
	t.LabelsRange(func(of labels.Label) {
		switch value := l.Get(of.Name); {
		case value == "":
		case value != of.Value:
			if other == "" || other == model.InstanceLabel {
				other = of.Name
			}
		case of.Name == model.InstanceLabel:
			same = true
		}
	})
	return same, other
}

func isNumber(text string) bool {
	_, err := strconv.Atoi(text)
	return err == nil
}

// plumbAt says which program of a plumb an alert is about.
func plumbAt(job string, t *scrape.Target, l labels.Labels) plumb {
	at := t.URL()
	root := url.URL{Scheme: at.Scheme, Host: at.Host, Path: strings.TrimSuffix(strings.TrimSuffix(at.Path, "/metrics"), "/")}
	own := func(name string) string { return exposed(t, l, name) }
	return plumb{job, at.Host, root.String(), call.Call{App: own("app"), Instance: own(model.InstanceLabel), PID: own("pid")}}
}

// exposed is a label that plumb itself has shown. Where the target has one of that
// name too, Prometheus puts "exported_" before plumb's, unless honor_labels is set.
func exposed(t *scrape.Target, l labels.Labels, name string) string {
	if value := l.Get(model.ExportedLabelPrefix + name); value != "" {
		return value
	}
	value := l.Get(name)
	if value == t.GetValue(name) {
		return ""
	}
	return value
}

// metricsOf are the names of the metrics in an expression.
func metricsOf(p parser.Parser, expr string) []string {
	e, err := p.ParseExpr(expr)
	if err != nil {
		return nil
	}
	var names []string
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if v, ok := n.(*parser.VectorSelector); ok && v.Name != "" {
			names = append(names, v.Name)
		}
		return nil
	})
	return names
}

// shows tells whether one of some metrics is of a target. By convention the name of
// a recorded one has that of its origin between colons.
func shows(t *scrape.Target, metrics []string) bool {
	return slices.ContainsFunc(metrics, func(metric string) bool {
		for name := range strings.SplitSeq(metric, ":") {
			for _, suffix := range []string{"", "_bucket", "_sum", "_count"} {
				if family, ok := strings.CutSuffix(name, suffix); ok {
					if _, is := t.GetMetadata(family); is {
						return true
					}
				}
			}
		}
		return strings.HasPrefix(metric, "plumb:") // a rule of ours
	})
}
