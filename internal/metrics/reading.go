package metrics

import "math"

// reading is what the probe tells, in the units of Node.js. What a runtime does
// not know is nil.
type reading struct {
	Version                                     string
	HeapTotal, HeapUsed, External, ArrayBuffers float64
	Limit                                       float64 // of the heap
	Lag                                         float64 // seconds
	Spaces                                      []space
	Delay                                       *delay
	Resources, Handles, Requests                *types
	GC                                          []collections
	HTTP                                        []exchange
}

// space is one of V8's heap spaces.
type space struct {
	Name                   string
	Total, Used, Available float64
}

// types counts things by their type, in the order of their names.
type types struct {
	Total float64
	Types []typed
}

type typed struct {
	Name  string
	Count float64
}

// durations is a histogram: how many in each bucket, the last for what is above
// all bounds, and their sum.
type durations struct {
	Counts []uint64
	Sum    float64
}

// collections are the garbage collections of one kind, in seconds.
type collections struct {
	Kind string
	durations
}

// exchange is the histogram of HTTP requests that had the same labels, in
// milliseconds.
type exchange struct {
	Method, Route, Code string
	durations
}

// delay is the delay of the event loop since the last reading, in nanoseconds.
// Of nothing measured, most fields are no numbers.
type delay struct {
	Count  float64
	Min    float64
	Max    float64
	Mean   float64
	Stddev float64
	P50    float64
	P90    float64
	P99    float64
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
