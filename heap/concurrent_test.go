package heap_test

import (
	"sync"
	"testing"
)

// TestConcurrent asks one snapshot from many goroutines at once; what is
// computed when first asked for is computed once.
func TestConcurrent(t *testing.T) {
	text := crowd(200).JSON()
	want := dump(read(t, text))
	s := read(t, text)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if dump(s) != want {
				t.Error("an answer differs")
			}
			for _, name := range []string{"Object", "Item", "none"} {
				_ = s.FindStrings(name)
			}
			if _, err := s.DistancesIgnoring(t.Context(), nil); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}
