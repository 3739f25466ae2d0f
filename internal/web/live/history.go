package live

import (
	"context"
	"io"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/plumb-dev/plumb/internal/supervise/control"
)

// Sample is the figures of an instance at a time; 0 is not known. Sizes are bytes.
type Sample struct {
	Time         time.Time `json:"time"`
	RSS          float64   `json:"rss"`
	HeapUsed     float64   `json:"heapUsed"`
	HeapTotal    float64   `json:"heapTotal"`
	External     float64   `json:"external"`
	ArrayBuffers float64   `json:"arrayBuffers"`
	Lag          float64   `json:"lag" doc:"of the event loop, seconds"`
	Collections  float64   `json:"collections" doc:"major ones so far"`
	Requests     float64   `json:"requests" doc:"so far"`
	Restarts     int       `json:"restarts"`
}

// history is a ring of samples.
type history struct {
	samples []Sample
	next    int
}

const most = int(kept / pause)

func (h *history) add(s Sample) {
	if last := h.last(); last != nil && s.Time.Sub(last.Time) < pause/2 {
		return // several look at it at once
	}
	if len(h.samples) < most {
		h.samples = append(h.samples, s)
		return
	}
	h.samples[h.next] = s
	h.next = (h.next + 1) % most
}

func (h *history) last() *Sample {
	if len(h.samples) == 0 {
		return nil
	}
	return &h.samples[(h.next+len(h.samples)-1)%len(h.samples)]
}

// list is the samples in order.
func (h *history) list() []Sample {
	return append(append([]Sample{}, h.samples[h.next:]...), h.samples[:h.next]...)
}

// figures are where a metric goes.
var figures = map[string]func(s *Sample, m *dto.Metric){
	"nodejs_heap_size_used_bytes":      func(s *Sample, m *dto.Metric) { s.HeapUsed = m.GetGauge().GetValue() },
	"nodejs_heap_size_total_bytes":     func(s *Sample, m *dto.Metric) { s.HeapTotal = m.GetGauge().GetValue() },
	"nodejs_external_memory_bytes":     func(s *Sample, m *dto.Metric) { s.External = m.GetGauge().GetValue() },
	"plumb_array_buffers_bytes":        func(s *Sample, m *dto.Metric) { s.ArrayBuffers = m.GetGauge().GetValue() },
	"nodejs_eventloop_lag_p99_seconds": func(s *Sample, m *dto.Metric) { s.Lag = known(m.GetGauge().GetValue()) },
	"nodejs_gc_duration_seconds": func(s *Sample, m *dto.Metric) {
		if label(m, "kind") == "major" {
			s.Collections = float64(m.GetHistogram().GetSampleCount())
		}
	},
	"http_request_duration_seconds": func(s *Sample, m *dto.Metric) { s.Requests += float64(m.GetHistogram().GetSampleCount()) },
}

// known is a number that JSON has: where nothing was measured, it is none.
func known(n float64) float64 {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return 0
	}
	return n
}

func label(m *dto.Metric, name string) string {
	for _, l := range m.GetLabel() {
		if l.GetName() == name {
			return l.GetValue()
		}
	}
	return ""
}

// scraped reads the metrics of every plumb that shows them, all at once.
func scraped(ctx context.Context) map[instance]Sample {
	all := map[instance]Sample{}
	states, err := control.States()
	if err != nil {
		return all
	}
	addresses := map[string]bool{}
	for _, state := range states {
		addresses[state.Metrics] = true
	}
	delete(addresses, "")
	var (
		mu   sync.Mutex
		asks sync.WaitGroup
	)
	for address := range addresses {
		asks.Go(func() {
			families := scrape(ctx, address)
			mu.Lock()
			defer mu.Unlock()
			for name, take := range figures {
				for _, m := range families[name].GetMetric() {
					number, err := strconv.Atoi(label(m, "instance"))
					if err != nil {
						continue
					}
					key := instance{label(m, "app"), number}
					s := all[key]
					take(&s, m)
					all[key] = s
				}
			}
		})
	}
	asks.Wait()
	return all
}

// What one plumb has for its answer. Where it gives none, its socket still says how its
// apps are; figures are missing.
const (
	patience   = 2 * time.Second
	mostScrape = 16 << 20 // bytes
)

func scrape(ctx context.Context, address string) map[string]*dto.MetricFamily {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/metrics", nil)
	if err != nil {
		return nil
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil
	}
	defer answer.Body.Close()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, _ := parser.TextToMetricFamilies(io.LimitReader(answer.Body, mostScrape))
	return families
}
