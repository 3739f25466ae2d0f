package supervise

import "github.com/plumb-dev/plumb/internal/trend"

// series is the memory of a life over its time. It keeps a few samples of the
// whole of it: when there are too many every other one goes, and from then on
// only every second (fourth, ...) one is taken.
type series struct {
	seconds, bytes []float64
	every, skipped int
}

// mostSamples bounds the work of a fit, which looks at all pairs.
const mostSamples = 32

func (s *series) add(seconds, bytes float64) {
	if s.skipped++; s.skipped < s.every {
		return
	}
	s.skipped = 0
	s.seconds, s.bytes = append(s.seconds, seconds), append(s.bytes, bytes)
	if len(s.bytes) < mostSamples {
		return
	}
	half := len(s.bytes) / 2
	for n := range half {
		s.seconds[n], s.bytes[n] = s.seconds[2*n], s.bytes[2*n]
	}
	s.seconds, s.bytes = s.seconds[:half], s.bytes[:half]
	s.every = max(1, s.every) * 2
}

// fewestSamples is below what no trend is told from noise.
const fewestSamples = 8

// predict says how fast the memory grows, in bytes per second, and in how many
// seconds it is at the limit; 0 when it does not grow, or not for sure.
func (s *series) predict(limit uint64) (growth, toLimit float64) {
	if len(s.bytes) < fewestSamples {
		return 0, 0
	}
	// What it takes to start is no leak.
	from := len(s.bytes) / 4
	line := trend.Fit(s.seconds[from:], s.bytes[from:], 0.95)
	if line.P > 0.05 || line.Low <= 0 {
		return 0, 0
	}
	if last := s.bytes[len(s.bytes)-1]; limit > 0 {
		toLimit = max(0, float64(limit)-last) / line.Slope
	}
	return line.Slope, toLimit
}
