package metrics

import "math"

// reading is what the probe tells, in the units of Node.js. What a runtime does
// not know is nil.
type reading struct {
	Version string `json:"version"`
	Memory  struct {
		HeapTotal    float64 `json:"heapTotal"`
		HeapUsed     float64 `json:"heapUsed"`
		External     float64 `json:"external"`
		ArrayBuffers float64 `json:"arrayBuffers"`
	} `json:"memory"`
	Limit     float64               `json:"limit"`  // of the heap
	Spaces    []string              `json:"spaces"` // V8's heap spaces
	Sizes     []float64             `json:"sizes"`  // three of each: total, used, available; bytes
	Lag       float64               `json:"lag"`    // seconds
	Delay     *delay                `json:"delay"`
	Resources *types                `json:"resources"`
	Handles   *types                `json:"handles"`
	Requests  *types                `json:"requests"`
	GC        map[string]*durations `json:"gc"` // by kind; seconds
	HTTP      []*exchange           `json:"http"`
}

// types counts things by their type.
type types struct {
	Total float64            `json:"total"`
	Types map[string]float64 `json:"types"`
}

// durations is a histogram: how many in each bucket, the last for what is above
// all bounds, and their sum.
type durations struct {
	Counts []uint64 `json:"counts"`
	Sum    float64  `json:"sum"`
}

// exchange is the histogram of HTTP requests that had the same labels, in
// milliseconds.
type exchange struct {
	Method string `json:"method"`
	Route  string `json:"route"`
	Code   string `json:"code"`
	durations
}

// delay is the delay of the event loop since the last reading, in nanoseconds.
// Of nothing measured, most fields are no numbers and come as null.
type delay struct {
	Count  float64 `json:"count"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Mean   float64 `json:"mean"`
	Stddev float64 `json:"stddev"`
	P50    float64 `json:"p50"`
	P90    float64 `json:"p90"`
	P99    float64 `json:"p99"`
}

// joined is the delay over two readings. The percentiles cannot be known: the
// larger ones are taken, and so with the deviation.
func (d *delay) joined(other *delay) *delay {
	switch {
	case d == nil || d.Count == 0:
		return other
	case other == nil || other.Count == 0:
		return d
	}
	count := d.Count + other.Count
	return &delay{
		Count:  count,
		Min:    math.Min(d.Min, other.Min),
		Max:    math.Max(d.Max, other.Max),
		Mean:   (d.Mean*d.Count + other.Mean*other.Count) / count,
		Stddev: math.Max(d.Stddev, other.Stddev),
		P50:    math.Max(d.P50, other.P50),
		P90:    math.Max(d.P90, other.P90),
		P99:    math.Max(d.P99, other.P99),
	}
}
