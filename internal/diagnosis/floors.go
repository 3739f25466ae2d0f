package diagnosis

import (
	"math"
	"time"

	"github.com/plumb-dev/plumb/internal/trend"
)

const (
	stretch = 6  // looks that a floor is the lowest of
	fewest  = 8  // floors that tell a trend
	most    = 24 // floors that are kept: what was longer ago says little about what comes
)

// floors are the lowest levels of the stretches of time so far.
type floors struct {
	stretch  time.Duration
	start    time.Time
	lowest   uint64 // of the stretch under way
	from, to time.Time
	seconds  []float64
	bytes    []float64
}

func (f *floors) add(now time.Time, used uint64) {
	if f.start.IsZero() {
		f.start, f.from, f.lowest = now, now, math.MaxUint64
	}
	f.to, f.lowest = now, min(f.lowest, used)
	if now.Sub(f.from) < f.stretch {
		return
	}
	f.seconds = append(f.seconds, now.Sub(f.start).Seconds())
	f.bytes = append(f.bytes, float64(f.lowest))
	if len(f.bytes) > most {
		f.seconds, f.bytes = f.seconds[1:], f.bytes[1:]
	}
	f.from, f.lowest = now, math.MaxUint64
}

// reaches is the time until the level is at the limit, when it grows for sure.
func (f *floors) reaches(limit uint64) (time.Duration, bool) {
	if len(f.bytes) < fewest {
		return 0, false
	}
	line := trend.Fit(f.seconds, f.bytes, 0.95)
	if line.P > 0.01 || line.Low <= 0 {
		return 0, false
	}
	left := (float64(limit) - f.bytes[len(f.bytes)-1]) / line.Slope
	if left > math.MaxInt64/float64(2*time.Second) {
		return 0, false
	}
	return time.Duration(max(0, left) * float64(time.Second)), true
}
