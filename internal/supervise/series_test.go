package supervise

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestPredict feeds an hour of samples.
func TestPredict(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const limit = 1e9
	var leak, flat, start series
	for second := range 3600 {
		noise := random.Float64() * 20e6
		leak.add(float64(second), 100e6+float64(second)*50e3+noise)
		flat.add(float64(second), 100e6+noise)
		start.add(float64(second), min(100e6, 1e6*float64(second))+noise)
	}
	growth, seconds := leak.predict(limit)
	last := leak.bytes[len(leak.bytes)-1]
	if math.Abs(growth-50e3) > 5e3 || math.Abs(seconds-(limit-last)/50e3) > (limit-last)/50e3/5 {
		t.Errorf("a leak of 50 kB/s grows %.0f B/s and is at its limit in %.0f s", growth, seconds)
	}
	if growth, seconds := leak.predict(0); growth == 0 || seconds != 0 {
		t.Errorf("without a limit: %f, %f", growth, seconds)
	}
	for name, s := range map[string]series{"flat": flat, "flat after its start": start} {
		if growth, seconds := s.predict(limit); growth != 0 || seconds != 0 {
			t.Errorf("%s: grows %f B/s, limit in %f s", name, growth, seconds)
		}
	}
	if len(leak.bytes) > mostSamples || leak.seconds[0] != 0 {
		t.Errorf("%d samples from %f on", len(leak.bytes), leak.seconds[0])
	}
	var few series
	for second := range fewestSamples - 1 {
		few.add(float64(second), float64(second)*1e6)
	}
	if growth, _ := few.predict(limit); growth != 0 {
		t.Errorf("%d samples are a trend", len(few.bytes))
	}
}
