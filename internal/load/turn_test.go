package load

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestTurns(t *testing.T) {
	for _, test := range []struct{ weights, want []int }{
		{[]int{0}, []int{0}},
		{[]int{0, 0, 0}, []int{0, 1, 2}},
		{[]int{5, 1, 1}, []int{0, 0, 1, 0, 2, 0, 0}}, // the example of nginx
	} {
		var targets []Target
		for _, w := range test.weights {
			targets = append(targets, Target{Weight: w})
		}
		if diff := cmp.Diff(test.want, turns(targets)); diff != "" {
			t.Errorf("%v: %s", test.weights, diff)
		}
	}
}

func TestTurnsHaveTheirShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.IntRange(1, 50), 1, 10).Draw(t, "weights")
		var targets []Target
		for _, w := range weights {
			targets = append(targets, Target{Weight: w})
		}
		got := make([]int, len(weights))
		for _, i := range turns(targets) {
			got[i]++
		}
		if diff := cmp.Diff(weights, got); diff != "" {
			t.Fatal(diff)
		}
	})
}
