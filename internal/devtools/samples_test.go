package devtools

import (
	"slices"
	"testing"
)

func TestSamples(t *testing.T) {
	b, add := withRoot() // the root has id 1
	for _, size := range []uint64{10, 20, 40, 80} {
		add("object", "A", size) // ids 3, 5, 7, 9
	}
	b.Set(add("native", "DOM", 160), "id", 4)
	if got := view(t, b).Samples(); got != nil {
		t.Errorf("no samples in the file, got %v", got)
	}
	b.Sample(0, 1)
	b.Sample(1500, 5)
	b.Sample(3000, 6)
	b.Sample(4001, 7)
	want := []Sample{{0, 1, 0}, {1.5, 5, 30}, {3, 6, 0}, {4.001, 7, 40}} // 9 is too young
	if got := view(t, b).Samples(); !slices.Equal(got, want) {
		t.Errorf("samples %v, want %v", got, want)
	}
}
