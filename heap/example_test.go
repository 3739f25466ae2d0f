package heap_test

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
)

// shop is a small snapshot: a global object with a list in its variable
// "sessions", two sessions in the list, and a secret that one of them knows.
//
//go:embed testdata/shop.heapsnapshot
var shop string

// Open a file, and tell a damaged one from one that is something else.
func ExampleOpen() {
	s, err := heap.Open(context.Background(), "testdata/shop.heapsnapshot", heap.Options{NoIndex: true})
	if err != nil {
		var bad *heap.Error
		if errors.As(err, &bad) && errors.Is(err, heap.ErrTruncated) {
			fmt.Println("hint:", bad.Hint)
		}
		fmt.Println(err)
		return
	}
	defer s.Close()
	fmt.Println(s.NodeCount(), "nodes,", s.EdgeCount(), "edges,", s.TotalSize(), "bytes")
	// Output: 7 nodes, 8 edges, 4144 bytes
}

// Read a snapshot from a stream, such as standard input, and say how far it is.
func ExampleRead() {
	s, err := heap.Read(context.Background(), strings.NewReader(shop), heap.Options{
		Progress: func(p heap.Progress) {
			if p.Phase == heap.PhaseDominators {
				fmt.Println("now:", p.Phase)
			}
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	fmt.Println(s.Name(s.Root()+1), "retains", s.RetainedSize(s.Root()+1))
	// Output:
	// now: dominators
	// global retains 4144
}

// What does not parse says where and what to do.
func ExampleError() {
	_, err := heap.Read(context.Background(), strings.NewReader(shop[:300]), heap.Options{})
	var bad *heap.Error
	if errors.As(err, &bad) {
		fmt.Println(bad)
		fmt.Println(errors.Is(err, heap.ErrTruncated), bad.Offset)
		fmt.Println("hint:", bad.Hint)
	}
	// Output:
	// heap snapshot is cut off at byte 299: the file ends inside the nodes
	// true 299
	// hint: the process may have died while it wrote, or the copy is incomplete: capture or copy it again
}

// Walk the references of an object.
func ExampleSnapshot_Edges() {
	s := openShop()
	defer s.Close()
	global := s.EdgeTarget(0) // of the root's only edge
	for e, end := s.Edges(global); e < end; e++ {
		to := s.EdgeTarget(e)
		fmt.Printf("%s %s -> %s %s @%d\n", s.EdgeTypeName(e), s.EdgeName(e), s.TypeName(to), s.Name(to), s.ID(to))
	}
	// Output:
	// property sessions -> object Array @5
	// property key -> string secret @13
}

// Who holds an object? Weak references are in the list, and say so.
func ExampleSnapshot_Retainers() {
	s := openShop()
	defer s.Close()
	secret, _ := s.NodeByID(13)
	for e, from := range s.Retainers(secret) {
		fmt.Printf("%s @%d by its %s %q\n", s.Name(from), s.ID(from), s.EdgeTypeName(e), s.EdgeName(e))
	}
	// Output:
	// Session @11 by its weak "key"
	// Session @9 by its property "key"
	// global @3 by its property "key"
}

// Go up the dominators: each frees the object when it goes.
func ExampleSnapshot_Dominator() {
	s := openShop()
	defer s.Close()
	n, _ := s.NodeByID(11)
	for ; n != s.Root(); n = s.Dominator(n) {
		fmt.Printf("%s %s @%d retains %d\n", s.TypeName(n), s.Name(n), s.ID(n), s.RetainedSize(n))
	}
	// Output:
	// object Session @11 retains 3000
	// array  @7 retains 4000
	// object Array @5 retains 4080
	// object global @3 retains 4144
}

// List what an object keeps alive by itself.
func ExampleSnapshot_Dominated() {
	s := openShop()
	defer s.Close()
	elements, _ := s.NodeByID(7)
	for _, n := range s.Dominated(elements) {
		fmt.Printf("%s %s @%d\n", s.TypeName(n), s.Name(n), s.ID(n))
	}
	// Output:
	// object Session @11
	// object Session @9
}

// Find the largest objects.
func Example() {
	s, err := heap.Read(context.Background(), strings.NewReader(shop), heap.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	var nodes []heap.Node
	for n := range heap.Node(s.NodeCount()) {
		nodes = append(nodes, n)
	}
	slices.SortFunc(nodes, func(a, b heap.Node) int {
		return cmp.Or(cmp.Compare(s.ShallowSize(b), s.ShallowSize(a)), cmp.Compare(a, b))
	})
	for _, n := range nodes[:3] {
		fmt.Printf("%5d %s @%d, %d from the global object\n",
			s.ShallowSize(n), wtf8.Clean(s.Name(n)), s.ID(n), s.Distance(n)-1)
	}
	// Output:
	//  3000 Session @11, 3 from the global object
	//  1000 Session @9, 3 from the global object
	//    80 Array @5, 1 from the global object
}

func openShop() *heap.Snapshot {
	s, err := heap.Read(context.Background(), strings.NewReader(shop), heap.Options{})
	if err != nil {
		panic(err)
	}
	return s
}
