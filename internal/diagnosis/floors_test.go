package diagnosis

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestFloors has levels of sawteeth: garbage that is collected now and then.
func TestFloors(t *testing.T) {
	for _, test := range []struct {
		name   string
		growth float64 // bytes a second
		want   time.Duration
	}{
		{"leak", 100_000, 10_000 * time.Second},
		{"healthy", 0, 0},
		{"shrinks", -50_000, 0},
	} {
		random := rand.New(rand.NewPCG(1, 2))
		f := floors{stretch: 60 * time.Second}
		start, saw := time.Now(), 0.0
		for i := range 500 {
			if saw += 2e6 * random.Float64(); saw > 20e6 {
				saw = 0
			}
			seconds := float64(10 * i)
			f.add(start.Add(time.Duration(seconds)*time.Second), uint64(500e6+test.growth*seconds+saw))
		}
		level := 500e6 + test.growth*4990
		left, ok := f.reaches(uint64(level + 1e9))
		if ok != (test.want > 0) || ok && (left < test.want*8/10 || left > test.want*12/10) {
			t.Errorf("%s: %s, %v, want about %s", test.name, left, ok, test.want)
		}
		if len(f.bytes) != most {
			t.Errorf("%d floors, want %d", len(f.bytes), most)
		}
	}
}
