package snapshots

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
)

// TestKept holds that a listing that takes long holds up no other, and that one whose
// request was ended is made again for who still waits.
func TestKept(t *testing.T) {
	l := newListings()
	begun, end := make(chan struct{}), make(chan struct{})
	first := make(chan error)
	go func() {
		var once sync.Once
		_, err := kept(l, "long", func() (int, error) {
			once.Do(func() { close(begun) })
			<-end
			return 0, context.Canceled
		})
		first <- err
	}()
	<-begun
	if n, err := kept(l, "short", func() (int, error) { return 1, nil }); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	second := make(chan int)
	go func() {
		n, _ := kept(l, "long", func() (int, error) { return 2, nil })
		second <- n
	}()
	close(end)
	if n := <-second; n != 2 {
		t.Errorf("who waited got %d", n)
	}
	if err := <-first; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestOrders holds that items are computed once for all their orders, and stay as they
// are.
func TestOrders(t *testing.T) {
	l := newListings()
	o := orders[int]{"size": func(a, b int) int { return a - b }}
	times := 0
	compute := func() ([]int, error) { times++; return []int{2, 3, 1}, nil }
	for _, test := range []struct {
		w    Window
		want []int
	}{
		{Window{Sort: "size"}, []int{1, 2, 3}},
		{Window{Sort: "size", Desc: true}, []int{3, 2, 1}},
		{Window{}, []int{2, 3, 1}},
	} {
		if got, err := o.in(l, "items", &test.w, compute); err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%+v: %v, %v", test.w, got, err)
		}
	}
	if times != 1 {
		t.Errorf("computed %d times", times)
	}
	if _, err := o.in(l, "items", &Window{Sort: "colour"}, compute); err == nil {
		t.Error("sorted by colour")
	}
}
