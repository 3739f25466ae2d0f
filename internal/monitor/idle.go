package monitor

import (
	"bytes"
	"context"
	_ "embed"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// idleText is what an idle server shows.
//
//go:embed idle.prom
var idleText []byte

// idleSeries are the series of an idle server in the hour before now, for PromQL to
// ask: nothing in them moves.
type idleSeries struct {
	now    time.Time
	series []storage.Series
	names  map[string]bool
}

func idleServer(now time.Time) *idleSeries {
	s := &idleSeries{now: now, names: map[string]bool{"up": true}}
	reader := expfmt.NewDecoder(bytes.NewReader(idleText), expfmt.NewFormat(expfmt.TypeTextPlain))
	samples := &expfmt.SampleDecoder{Dec: reader, Opts: &expfmt.DecodeOptions{Timestamp: model.TimeFromUnix(now.Unix())}}
	s.add(labels.FromStrings(model.MetricNameLabel, "up"), 1)
	for {
		var family model.Vector
		if samples.Decode(&family) != nil {
			return s
		}
		for _, one := range family {
			builder := labels.NewBuilder(labels.EmptyLabels())
			for name, value := range one.Metric {
				builder.Set(string(name), string(value))
			}
			s.add(builder.Labels(), float64(one.Value))
		}
	}
}

func (s *idleSeries) add(l labels.Labels, value float64) {
	var samples []chunks.Sample
	for at := s.now.Add(-time.Hour); !at.After(s.now); at = at.Add(time.Minute) {
		samples = append(samples, steady{at.UnixMilli(), value})
	}
	s.names[l.Get(model.MetricNameLabel)] = true
	s.series = append(s.series, storage.NewListSeries(l, samples))
}

// knows tells whether an expression is about nothing else.
func (s *idleSeries) knows(e parser.Expr) bool {
	asked, known := 0, true
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if v, ok := n.(*parser.VectorSelector); ok {
			asked++
			known = known && s.names[v.Name]
		}
		return nil
	})
	return asked > 0 && known
}

// Querier is for [storage.Queryable].
func (s *idleSeries) Querier(int64, int64) (storage.Querier, error) { return idleQuerier{s}, nil }

type idleQuerier struct{ *idleSeries }

// Select knows the labels that prom-client gives. Others, such as job and app, are
// whatever is asked for.
func (q idleQuerier) Select(_ context.Context, _ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	found := &seriesList{}
	for _, s := range q.series {
		fits := true
		for _, m := range matchers {
			if value := s.Labels().Get(m.Name); value != "" {
				fits = fits && m.Matches(value)
			}
		}
		if fits {
			found.left = append(found.left, s)
		}
	}
	return found
}

func (idleQuerier) LabelValues(context.Context, string, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (idleQuerier) LabelNames(context.Context, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (idleQuerier) Close() error { return nil }

// seriesList hands out series.
type seriesList struct {
	left []storage.Series
	at   storage.Series
}

func (l *seriesList) Next() bool {
	if len(l.left) == 0 {
		return false
	}
	l.at, l.left = l.left[0], l.left[1:]
	return true
}

func (l *seriesList) At() storage.Series                { return l.at }
func (l *seriesList) Err() error                        { return nil }
func (l *seriesList) Warnings() annotations.Annotations { return nil }

// steady is one sample.
type steady struct {
	t int64
	v float64
}

func (s steady) T() int64                      { return s.t }
func (s steady) ST() int64                     { return 0 }
func (s steady) F() float64                    { return s.v }
func (s steady) H() *histogram.Histogram       { return nil }
func (s steady) FH() *histogram.FloatHistogram { return nil }
func (s steady) Type() chunkenc.ValueType      { return chunkenc.ValFloat }
func (s steady) Copy() chunks.Sample           { return s }
