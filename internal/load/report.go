package load

import (
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// Report is what a run measured. As JSON its fields keep their names and units.
//
//	Requests = Completed + Unfinished + the errors that are no status
type Report struct {
	Requests   int64 `json:"requests"`   // sent, or tried to
	Completed  int64 `json:"completed"`  // answered in full, whatever the status
	Unfinished int64 `json:"unfinished"` // under way when the run was interrupted
	Failed     int64 `json:"failed"`     // the sum of Errors

	Interrupted bool `json:"interrupted"` // the context ended the run

	Errors      []ErrorCount  `json:"errors"`      // the most frequent first
	StatusCodes map[int]int64 `json:"statusCodes"` // of completed requests
	Targets     []TargetCount `json:"targets"`     // in the plan's order

	BytesSent     int64 `json:"bytesSent"`     // of HTTP, without TLS
	BytesReceived int64 `json:"bytesReceived"` // of HTTP, without TLS
	Connects      int64 `json:"connects"`      // connections opened

	Seconds    float64 `json:"seconds"`                   // from the first request's start to the last one's end
	Rate       float64 `json:"requestsPerSecond"`         // completed
	TargetRate float64 `json:"targetPerSecond,omitempty"` // Plan.RPS

	Latency Latency `json:"latencyMicroseconds"`
}

// TargetCount is the share of one target.
type TargetCount struct {
	Method   string `json:"method"`
	URL      string `json:"url"`
	Requests int64  `json:"requests"`
}

// Latency is the distribution of the latencies of completed requests, in
// microseconds and exact to three significant digits (HdrHistogram). All is 0
// when none was completed.
type Latency struct {
	Min    int64   `json:"min"`
	Mean   float64 `json:"mean"`
	StdDev float64 `json:"stdDev"`
	P50    int64   `json:"p50"`
	P75    int64   `json:"p75"`
	P90    int64   `json:"p90"`
	P95    int64   `json:"p95"`
	P99    int64   `json:"p99"`
	P999   int64   `json:"p999"`  // 99.9 %
	P9999  int64   `json:"p9999"` // 99.99 %
	Max    int64   `json:"max"`
}

// longest is the largest latency that is told apart from larger ones.
const longest = time.Hour

func newHistogram() *hdr.Histogram { return hdr.New(1, longest.Microseconds(), 3) }

func latencyOf(h *hdr.Histogram) Latency {
	if h.TotalCount() == 0 {
		return Latency{}
	}
	return Latency{
		Min: h.Min(), Mean: h.Mean(), StdDev: h.StdDev(),
		P50:   h.ValueAtPercentile(50),
		P75:   h.ValueAtPercentile(75),
		P90:   h.ValueAtPercentile(90),
		P95:   h.ValueAtPercentile(95),
		P99:   h.ValueAtPercentile(99),
		P999:  h.ValueAtPercentile(99.9),
		P9999: h.ValueAtPercentile(99.99),
		Max:   h.Max(),
	}
}
