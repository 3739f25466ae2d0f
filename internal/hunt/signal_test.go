package hunt

import "testing"

func TestWeigh(t *testing.T) {
	x := []float64{0, 500, 1000, 1500, 2000, 2500}
	for _, c := range []struct {
		name  string
		y     []float64
		noise float64
		want  Trend
	}{
		{"a leak of 130 B a request", []float64{5e6, 5.065e6, 5.130e6, 5.195e6, 5.26e6, 5.325e6}, 4000, Growing},
		{"the same with a jump of the engine", []float64{5e6, 5.065e6, 5.530e6, 5.595e6, 5.66e6, 5.725e6}, 4000, Growing},
		{"nothing at all", []float64{5e6, 5e6, 5e6, 5e6, 5e6, 5e6}, 4000, Flat},
		{"wobble", []float64{5e6, 5.001e6, 5e6, 5.0005e6, 5.001e6, 5e6}, 4000, Flat},
		{"one jump of half a megabyte", []float64{5e6, 5e6, 5e6, 5.5e6, 5.5e6, 5.5e6}, 4000, Unclear},
		{"a cache that fills up", []float64{5e6, 5.4e6, 5.6e6, 5.61e6, 5.612e6, 5.613e6}, 4000, Unclear},
		{"growth within the noise", []float64{5e6, 5.01e6, 5.02e6, 5.03e6, 5.04e6, 5.05e6}, 30_000, Unclear},
		{"little a round, but much per request", []float64{5e6, 5.017e6, 5.034e6, 5.051e6, 5.068e6, 5.085e6}, 4000, Growing},
		{"it shrinks", []float64{5e6, 4.9e6, 4.8e6, 4.7e6, 4.6e6, 4.5e6}, 4000, Flat},
		{"too few rounds", []float64{5e6, 5.5e6, 6e6}, 4000, Unclear},
	} {
		t.Run(c.name, func(t *testing.T) {
			if r := weigh(x[:len(c.y)], c.y, c.noise); r.Trend != c.want {
				t.Errorf("%s, want %s: %+v", r.Trend, c.want, r)
			}
		})
	}
}

func TestMemoryOfThreads(t *testing.T) {
	sum := Memory{HeapUsed: 10, Code: 4, External: 3, RSS: 100}.plus(Memory{HeapUsed: 5, Code: 1, External: 2})
	if sum.Objects() != 10 || sum.Kept() != 15 || sum.RSS != 100 {
		t.Errorf("%+v: objects %d, kept %d", sum, sum.Objects(), sum.Kept())
	}
}

func TestNoise(t *testing.T) {
	for _, c := range []struct {
		idle []float64
		want float64
	}{
		{nil, quiet},
		{[]float64{5e6, 5e6, 5e6}, quiet},
		{[]float64{5e6, 5.25e6, 5.26e6}, 10_000}, // the jump is none of it
		{[]float64{5e6, 5.25e6, 5e6}, 250_000},
	} {
		if got := noise(c.idle); got != c.want {
			t.Errorf("%v: %v, want %v", c.idle, got, c.want)
		}
	}
}
