//go:build unix

package main

import (
	"math"
	"strings"
	"testing"
)

// TestInterval compares with the table of the sign test.
func TestInterval(t *testing.T) {
	for n, k := range map[int]int{5: 0, 6: 1, 8: 1, 9: 2, 12: 3, 16: 4, 20: 6, 30: 10} {
		v := make([]float64, n)
		for i := range v {
			v[i] = float64(n - i) // n..1: rank is value
		}
		low, high := interval(v)
		if k == 0 {
			if !math.IsInf(low, -1) || !math.IsInf(high, 1) {
				t.Errorf("%d values: %g to %g, want everything", n, low, high)
			}
			continue
		}
		if low != float64(k) || high != float64(n-k+1) {
			t.Errorf("%d values: ranks %g to %g, want %d to %d", n, low, high, k, n-k+1)
		}
	}
}

// TestReport holds that a difference in every round is told from noise.
func TestReport(t *testing.T) {
	runs := make([][]sample, len(ways))
	for round := range 10 {
		noise := float64(round % 3)
		runs[0] = append(runs[0], sample{100 + noise, 200, 50})
		runs[1] = append(runs[1], sample{100 + float64((round+1)%3), 200, 50})
		runs[2] = append(runs[2], sample{100 + float64((round+2)%3), 200, 50})
		runs[3] = append(runs[3], sample{110 + noise, 200, 60})
	}
	var out strings.Builder
	report(&out, runs)
	text := out.String()
	if n := strings.Count(text, "within the noise"); n != 7 {
		t.Errorf("%d values are within the noise, want 7:\n%s", n, text)
	}
	if !strings.Contains(text, "+9.9 %") || !strings.Contains(text, "+20.0 %") {
		t.Errorf("10 µs of 101 and of 50 are no difference:\n%s", text)
	}
}
