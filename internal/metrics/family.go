package metrics

import (
	"cmp"
	"slices"
	"strings"

	dto "github.com/prometheus/client_model/go"
)

// metric is what a family of samples is called.
type metric struct {
	name string
	kind dto.MetricType
	help string
}

func gauge(name, help string) *metric   { return &metric{name, dto.MetricType_GAUGE, help} }
func counter(name, help string) *metric { return &metric{name, dto.MetricType_COUNTER, help} }
func histogram(name, help string) *metric {
	return &metric{name, dto.MetricType_HISTOGRAM, help}
}

// families are the samples of one scrape. They are put together by hand because
// a prometheus.Registry sorts, hashes and compares every sample of every scrape,
// which for 50 programs takes several times what all the rest does.
type families map[*metric]*dto.MetricFamily

// labels are those of one sample, the common ones of its program first.
type labels []*dto.LabelPair

func label(name, value string) *dto.LabelPair {
	value = strings.ToValidUTF8(value, "\uFFFD") // the formats know nothing else
	return &dto.LabelPair{Name: &name, Value: &value}
}

// with adds labels to a copy.
func (l labels) with(more ...*dto.LabelPair) labels {
	return append(slices.Clip(l), more...)
}

func (f families) add(m *metric, sample *dto.Metric) {
	family := f[m]
	if family == nil {
		family = &dto.MetricFamily{Name: &m.name, Help: &m.help, Type: &m.kind}
		f[m] = family
	}
	family.Metric = append(family.Metric, sample)
}

// set adds a gauge or a counter.
func (f families) set(m *metric, l labels, value float64) {
	sample := &dto.Metric{Label: l}
	if m.kind == dto.MetricType_COUNTER {
		sample.Counter = &dto.Counter{Value: &value}
	} else {
		sample.Gauge = &dto.Gauge{Value: &value}
	}
	f.add(m, sample)
}

// observed adds a histogram. counts has one more than bounds: what was above all
// of them.
func (f families) observed(m *metric, l labels, bounds []float64, counts []uint64, sum float64) {
	h := &dto.Histogram{SampleSum: &sum, Bucket: make([]*dto.Bucket, len(bounds))}
	buckets := make([]dto.Bucket, len(bounds))
	cumulative := make([]uint64, len(bounds)+1)
	var total uint64
	for i := range cumulative {
		if i < len(counts) {
			total += counts[i]
		}
		cumulative[i] = total
		if i < len(bounds) {
			buckets[i].CumulativeCount, buckets[i].UpperBound = &cumulative[i], &bounds[i]
			h.Bucket[i] = &buckets[i]
		}
	}
	h.SampleCount = &total
	f.add(m, &dto.Metric{Label: l, Histogram: h})
}

// sorted are the families by name.
func (f families) sorted() []*dto.MetricFamily {
	list := make([]*dto.MetricFamily, 0, len(f))
	for _, family := range f {
		list = append(list, family)
	}
	slices.SortFunc(list, func(a, b *dto.MetricFamily) int { return cmp.Compare(a.GetName(), b.GetName()) })
	return list
}
