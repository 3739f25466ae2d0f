//go:build unix

package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"
)

// metrics are the columns.
var metrics = []struct {
	name string
	of   func(sample) float64
}{
	{"p50 µs", func(s sample) float64 { return s.P50 }},
	{"p99 µs", func(s sample) float64 { return s.P99 }},
	{"CPU µs/request", func(s sample) float64 { return s.CPU }},
}

// report prints, for each way, the median of its runs and how much more that
// is than the app alone: the median of the differences within a round, with
// the interval that holds the true one 19 times out of 20.
func report(out io.Writer, runs [][]sample) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, m := range metrics {
		alone := values(runs[0], m.of)
		fmt.Fprintf(w, "%s\tmedian\tquartiles\tmore than alone\t95 %% interval\t\n", m.name)
		for i, way := range ways {
			v := values(runs[i], m.of)
			fmt.Fprintf(w, "%s\t%.1f\t%.1f to %.1f\t", way.name, quantile(v, 0.5), quantile(v, 0.25), quantile(v, 0.75))
			if i == 0 {
				fmt.Fprintln(w, "\t\t")
				continue
			}
			more := make([]float64, len(v))
			for round := range v {
				more[round] = v[round] - alone[round]
			}
			low, high := interval(more)
			verdict := "within the noise"
			if low > 0 || high < 0 {
				verdict = fmt.Sprintf("%+.1f %%", 100*quantile(more, 0.5)/quantile(alone, 0.5))
			}
			fmt.Fprintf(w, "%+.1f\t%+.1f to %+.1f\t%s\n", quantile(more, 0.5), low, high, verdict)
		}
		fmt.Fprintln(w)
	}
	_ = w.Flush()
}

func values(runs []sample, of func(sample) float64) []float64 {
	v := make([]float64, len(runs))
	for i, s := range runs {
		v[i] = of(s)
	}
	return v
}

// quantile is the value below which the share q lies.
func quantile(v []float64, q float64) float64 {
	v = slices.Sorted(slices.Values(v))
	at := q * float64(len(v)-1)
	below := int(at)
	above := min(below+1, len(v)-1)
	return v[below] + (at-float64(below))*(v[above]-v[below])
}

// interval is the sign test's interval of the median: whatever the
// distribution, it holds the true median with a chance of 95 % and more. With
// less than six values it is everything.
func interval(v []float64) (low, high float64) {
	v = slices.Sorted(slices.Values(v))
	n := len(v)
	// The largest k for which fewer than k of n fair coins fall on one side
	// with a chance of at most 2.5 %.
	chance, term, k := 0.0, math.Pow(0.5, float64(n)), 0
	for ; chance+term <= 0.025; k++ {
		chance += term
		term *= float64(n-k) / float64(k+1)
	}
	if k == 0 {
		return math.Inf(-1), math.Inf(1)
	}
	return v[k-1], v[n-k]
}
