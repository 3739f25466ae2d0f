// Command biggest lists the ten classes that keep most memory alive in a heap snapshot.
// It is what a program of your own can be that uses plumb's library:
//
//	go run ./examples/biggest app.heapsnapshot
package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"text/tabwriter"

	"github.com/plumb-dev/plumb/heap"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: biggest FILE.heapsnapshot")
		os.Exit(2)
	}
	if err := list(ctx, os.Stdout, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// class is the objects of one name.
type class struct {
	name     string
	count    int
	retained uint64 // bytes that would be freed with all of them
}

func list(ctx context.Context, w io.Writer, path string) error {
	s, err := heap.Open(ctx, path, heap.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	classes := classesOf(s)
	slices.SortFunc(classes, func(a, b *class) int { return cmp.Or(cmp.Compare(b.retained, a.retained), cmp.Compare(a.name, b.name)) })
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, c := range classes[:min(10, len(classes))] {
		fmt.Fprintf(table, "%s\t%d\t%d B\n", c.name, c.count, c.retained)
	}
	return table.Flush()
}

// classesOf goes down the tree of dominators. What an object of a class retains counts
// only when no other object of the class is above it: it is in that one's already.
func classesOf(s *heap.Snapshot) []*class {
	byName := map[string]*class{}
	above := map[*class]int{} // objects on the way from the root
	var all []*class
	type step struct {
		node  heap.Node
		leave *class // when its objects are behind us
	}
	todo := []step{{node: s.Root()}}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if at.leave != nil {
			above[at.leave]--
			continue
		}
		if name := nameOf(s, at.node); name != "" {
			c := byName[name]
			if c == nil {
				c = &class{name: name}
				byName[name] = c
				all = append(all, c)
			}
			c.count++
			if above[c] == 0 {
				c.retained += s.RetainedSize(at.node)
			}
			above[c]++
			todo = append(todo, step{leave: c})
		}
		for _, n := range s.Dominated(at.node) {
			todo = append(todo, step{node: n})
		}
	}
	return all
}

// nameOf is a node's class, "" for what V8 alone knows.
func nameOf(s *heap.Snapshot, n heap.Node) string {
	switch s.Type(n) {
	case heap.Object:
		return s.Name(n)
	case heap.String, heap.ConcatenatedString, heap.SlicedString:
		return "(string)"
	case heap.Closure:
		return "(closure)"
	default:
		return ""
	}
}
