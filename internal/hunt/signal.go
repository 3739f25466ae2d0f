package hunt

import (
	"math"

	"github.com/plumb-dev/plumb/internal/trend"
)

// Trend is what a series of samples does.
type Trend string

// The trends.
const (
	Flat    Trend = "flat"    // it cannot grow faster than the resolution
	Unclear Trend = "unclear" // it may or may not grow
	Growing Trend = "growing" // it grows, beyond noise and to the end
)

// Rate is how fast one figure grows.
type Rate struct {
	PerRequest float64 `json:"perRequest"` // bytes
	// Interval holds the true rate with 95 % confidence; absent when the rounds
	// are too few for one.
	Interval *[2]float64 `json:"interval,omitempty"`
	// P is how often a figure without a trend would rise as consistently.
	P     float64 `json:"p"`
	Trend Trend   `json:"trend"`

	unit string // request, or round
}

// Rates are the growth of each figure.
type Rates struct {
	// Kept is objects in the heap and external memory, together.
	Kept     Rate `json:"kept"`
	Objects  Rate `json:"objects"` // the heap without compiled code
	External Rate `json:"external"`
	RSS      Rate `json:"rss"`
	// Noise is what the idle program's memory varies by, in bytes.
	Noise float64 `json:"noise"`
}

// growing says whether any of the figures of the program does.
func (r *Rates) growing() bool {
	return r.Kept.Trend == Growing || r.Objects.Trend == Growing || r.External.Trend == Growing
}

// flat says whether nothing can grow.
func (r *Rates) flat() bool { return r.Kept.Trend == Flat && r.External.Trend != Growing }

const (
	confidence = 0.95
	// quiet is the least noise that is reckoned with, in bytes: what taking a
	// sample itself leaves behind.
	quiet = 4000
)

// rates weighs the samples of the rounds against those of the idle program.
// The first of the rounds is the sample before any load.
func rates(idle []Memory, requests []float64, rounds []Memory) Rates {
	pick := func(of func(Memory) uint64) Rate {
		return weigh(requests, series(rounds, of), noise(series(idle, of)))
	}
	return Rates{
		Kept:     pick(Memory.Kept),
		Objects:  pick(Memory.Objects),
		External: pick(func(m Memory) uint64 { return m.External }),
		RSS:      pick(func(m Memory) uint64 { return m.RSS }),
		Noise:    noise(series(idle, Memory.Kept)),
	}
}

func series(samples []Memory, of func(Memory) uint64) []float64 {
	y := make([]float64, len(samples))
	for i, m := range samples {
		y[i] = float64(of(m))
	}
	return y
}

// noise is by how much an idle program's memory differs from one look to the
// next, at the least: one of the looks may fall on a jump of the engine.
func noise(idle []float64) float64 {
	least := math.Inf(1)
	for i := 1; i < len(idle); i++ {
		least = min(least, math.Abs(idle[i]-idle[i-1]))
	}
	if math.IsInf(least, 1) {
		return quiet
	}
	return max(quiet, least)
}

// vague says whether a rate is known so badly that a few rounds more are worth
// their time: by more than 50 kB a round.
func (r Rate) vague(requests int) bool {
	return r.Trend == Unclear && r.Interval != nil && (r.Interval[1]-r.Interval[0])*float64(requests) > 50_000
}

// weigh judges one figure y over the requests x.
func weigh(x, y []float64, noise float64) Rate {
	if len(y) < 2 {
		return Rate{P: 1, Trend: Unclear}
	}
	line := trend.Fit(x, y, confidence)
	r := Rate{PerRequest: line.Slope, P: line.P, Trend: Unclear}
	all := x[len(x)-1] - x[0]
	round := all / float64(len(x)-1)
	if math.IsInf(line.Low, 0) || math.IsInf(line.High, 0) {
		return r
	}
	r.Interval = &[2]float64{line.Low, line.High}
	half := y[len(y)/2:]
	last := (half[len(half)-1] - half[0]) / float64(len(half)-1)
	switch {
	case line.High*round <= quiet && line.High <= flatPerRequest:
		r.Trend = Flat
	case line.Low > 0 && line.P <= 1-confidence &&
		line.Slope*all >= 3*noise && // in all, well past what idling does
		trend.MedianStep(y) >= line.Slope*round/3 && // not one jump
		last >= line.Slope*round/3: // and not only at first
		r.Trend = Growing
	}
	return r
}
