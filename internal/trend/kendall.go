package trend

// Rising is the one-sided p-value of the Mann-Kendall test: how often would a
// series in random order have as many pairs in rising order, less those in
// falling order? Equal samples count for neither, which makes the test a
// little too careful, never too bold.
func Rising(y []float64) float64 {
	return tail(len(y), score(y))
}

// score is Kendall's S: pairs that rise less pairs that fall.
func score(y []float64) int {
	s := 0
	for i := range y {
		for j := i + 1; j < len(y); j++ {
			switch {
			case y[j] > y[i]:
				s++
			case y[j] < y[i]:
				s--
			}
		}
	}
	return s
}

// tail is the probability that S is at least s when all orders of n samples
// are equally likely.
func tail(n, s int) float64 {
	pairs := n * (n - 1) / 2
	p := 0.0
	for inversions, share := range orders(n) {
		if pairs-2*inversions >= s {
			p += share
		}
	}
	return min(p, 1)
}

// critical is the smallest score that a series without a trend reaches with a
// probability of at most alpha; false when even the largest is more likely.
func critical(n int, alpha float64) (int, bool) {
	p, found, s := 0.0, false, 0
	for inversions, share := range orders(n) {
		if p += share; p > alpha {
			break
		}
		found, s = true, n*(n-1)/2-2*inversions
	}
	return s, found
}

// orders is the share of the permutations of n samples by their number of
// inversions, the Mahonian numbers divided by n!: to add the k-th sample is to
// add 0 to k-1 inversions, each as likely.
func orders(n int) []float64 {
	shares := []float64{1}
	for k := 2; k <= n; k++ {
		next := make([]float64, len(shares)+k-1)
		for inversions, share := range shares {
			for more := range k {
				next[inversions+more] += share / float64(k)
			}
		}
		shares = next
	}
	return shares
}
