// Package trend says whether a short series grows, how fast, and how sure that
// is, without assuming how its noise is distributed.
//
// Five or six samples are few, and memory after a collection jumps now and
// then. So nothing here is a mean: the slope is the median of the slopes
// between all pairs of samples (Theil 1950, Sen 1968), its interval is counted
// from the same slopes, and the test of a trend counts which of two samples is
// the larger one (Mann 1945, Kendall 1975). Both use the exact distribution of
// that count, which matters below ten samples.
//
// The median of slopes withstands wild samples, but not a level that shifts
// once in the middle. [MedianStep] does.
//
// The package knows numbers only: no memory, no requests, no verdict.
package trend

import (
	"math"
	"slices"
)

// Line is the slope of a series.
type Line struct {
	// Slope is the median over all pairs of samples.
	Slope float64
	// Low and High hold the true slope with at least the confidence asked for;
	// infinite when the samples are too few for that.
	Low, High float64
	// P is the probability that a series without a trend rises as consistently
	// as this one does, or more so.
	P float64
}

// Fit returns the slope of y over x, which must rise. Two samples at least;
// confidence is between 0 and 1, as 0.95.
func Fit(x, y []float64, confidence float64) Line {
	slopes := make([]float64, 0, len(x)*(len(x)-1)/2)
	for i := range x {
		for j := i + 1; j < len(x); j++ {
			slopes = append(slopes, (y[j]-y[i])/(x[j]-x[i]))
		}
	}
	slices.Sort(slopes)
	line := Line{Slope: median(slopes), Low: math.Inf(-1), High: math.Inf(1), P: Rising(y)}
	if k, ok := critical(len(x), (1-confidence)/2); ok {
		// Hollander and Wolfe, Nonparametric Statistical Methods, section 9.3:
		// the interval drops so many of the extreme slopes on each side.
		drop := (len(slopes) - (k - 2)) / 2
		line.Low, line.High = slopes[drop-1], slopes[len(slopes)-drop]
	}
	return line
}

// MedianStep is the median of the differences between neighbours: what one
// step adds when a few of them are out of the ordinary.
func MedianStep(y []float64) float64 {
	steps := make([]float64, len(y)-1)
	for i := range steps {
		steps[i] = y[i+1] - y[i]
	}
	slices.Sort(steps)
	return median(steps)
}

// median of a sorted series.
func median(sorted []float64) float64 {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
