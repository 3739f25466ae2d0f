package trend

import (
	"math"
	"math/rand/v2"
	"testing"
)

// permutations calls f with every order of 0..n-1.
func permutations(n int, f func([]float64)) {
	y := make([]float64, n)
	for i := range y {
		y[i] = float64(i)
	}
	var swap func(int)
	swap = func(k int) {
		if k == n {
			f(y)
			return
		}
		for i := k; i < n; i++ {
			y[k], y[i] = y[i], y[k]
			swap(k + 1)
			y[k], y[i] = y[i], y[k]
		}
	}
	swap(0)
}

// TestTail holds the exact distribution against counting all permutations.
func TestTail(t *testing.T) {
	for n := 2; n <= 8; n++ {
		counts, all := map[int]int{}, 0
		permutations(n, func(y []float64) {
			counts[score(y)]++
			all++
		})
		pairs := n * (n - 1) / 2
		for s := -pairs; s <= pairs; s++ {
			atLeast := 0
			for score, count := range counts {
				if score >= s {
					atLeast += count
				}
			}
			if got, want := tail(n, s), float64(atLeast)/float64(all); math.Abs(got-want) > 1e-12 {
				t.Errorf("n %d, S >= %d: %v, want %v", n, s, got, want)
			}
		}
	}
}

// TestCritical has values of the tables in Hollander and Wolfe.
func TestCritical(t *testing.T) {
	for _, c := range []struct {
		n     int
		alpha float64
		want  int
		ok    bool
	}{
		{3, 0.025, 0, false},
		{4, 0.025, 0, false},
		{4, 0.05, 6, true},
		{5, 0.025, 10, true},
		{5, 0.05, 8, true},
		{6, 0.025, 13, true},
		{6, 0.05, 11, true},
		{10, 0.025, 23, true},
		{10, 0.05, 21, true},
	} {
		if got, ok := critical(c.n, c.alpha); ok != c.ok || got != c.want {
			t.Errorf("n %d, alpha %v: %d %v, want %d %v", c.n, c.alpha, got, ok, c.want, c.ok)
		}
	}
}

func TestFit(t *testing.T) {
	x := []float64{0, 100, 200, 300, 400, 500}
	line := Fit(x, []float64{5, 105, 205, 305, 405, 505}, 0.95)
	if line.Slope != 1 || line.Low != 1 || line.High != 1 {
		t.Errorf("a straight line: %+v", line)
	}
	if want := 1.0 / 720; math.Abs(line.P-want) > 1e-12 {
		t.Errorf("six rising samples: p %v, want %v", line.P, want)
	}
	wild := Fit(x, []float64{5, 105, 9205, 305, 405, 505}, 0.95)
	if math.Abs(wild.Slope-1) > 0.2 {
		t.Errorf("one wild sample moves the slope to %v", wild.Slope)
	}
	if few := Fit(x[:3], []float64{1, 2, 3}, 0.95); !math.IsInf(few.Low, -1) || !math.IsInf(few.High, 1) || few.P < 0.16 {
		t.Errorf("three samples prove nothing: %+v", few)
	}
	if flat := Fit(x, make([]float64, 6), 0.95); flat.Slope != 0 || flat.P < 0.5 {
		t.Errorf("a flat series: %+v", flat)
	}
}

// TestCoverage holds that the interval has the true slope as often as it says,
// with noise that is far from normal.
func TestCoverage(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{5, 6, 8, 12} {
		const runs, slope = 4000, 3.0
		inside, alarms := 0, 0
		for range runs {
			x, y, still := make([]float64, n), make([]float64, n), make([]float64, n)
			for i := range x {
				noise := math.Tan((random.Float64() - 0.5) * 3) // heavy tails
				x[i], y[i], still[i] = float64(i), slope*float64(i)+noise, noise
			}
			if line := Fit(x, y, 0.95); line.Low <= slope && slope <= line.High {
				inside++
			}
			if Rising(still) <= 0.05 {
				alarms++
			}
		}
		if share := float64(inside) / runs; share < 0.94 {
			t.Errorf("n %d: the interval has the slope in %.1f %% of the runs", n, share*100)
		}
		if share := float64(alarms) / runs; share > 0.06 {
			t.Errorf("n %d: a series without a trend rises in %.1f %% of the runs", n, share*100)
		}
	}
}

// TestMedianStep: a level that shifts once is no growth.
func TestMedianStep(t *testing.T) {
	if step := MedianStep([]float64{1, 1, 1, 500_001, 500_001, 500_001}); step != 0 {
		t.Errorf("a shift of the level: %v a step, want 0", step)
	}
	if step := MedianStep([]float64{0, 10, 20, 500, 510, 520}); step != 10 {
		t.Errorf("a shift on top of growth: %v a step, want 10", step)
	}
}
