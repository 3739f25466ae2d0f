// Package snapshots is heap snapshots in the page: the perspectives of DevTools'
// memory panel, and what that has not got.
//
// Terms: the shelf is the snapshots that a server knows: files that it was given, files
// that appear in its folders, uploads. One that is open has its graph in memory. A
// listing is rows in an order, of which a request takes a page: a class with a million
// objects is sorted here, and the page of the browser has a few dozen of them.
//
// What is told of a snapshot comes from devtools and leak. The package writes nothing
// but uploads, which it removes, and the index that heap keeps beside a file.
package snapshots

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/devtools"
	"github.com/plumb-dev/plumb/internal/web/problem"
)

// Part is the snapshots of one server.
type Part struct{ shelf *Shelf }

// New makes the part that shows a shelf.
func New(shelf *Shelf) *Part { return &Part{shelf} }

// Name is how the page knows the part.
func (*Part) Name() string { return "snapshots" }

// Register adds the operations.
func (p *Part) Register(api huma.API) {
	p.registerShelf(api)
	p.registerKnown(api)
	p.registerClasses(api)
	p.registerComparison(api)
	p.registerObjects(api)
	p.registerDominators(api)
	p.registerRest(api)
	p.registerRedacted(api)
	p.registerSeveral(api)
}

// output is an answer of huma's form.
type output[T any] struct{ Body T }

func answer[T any](body T, err error) (*output[T], error) {
	if err != nil {
		return nil, refused(err)
	}
	return &output[T]{body}, nil
}

// refused words what was asked for wrongly.
func refused(err error) error {
	var known *problem.Problem
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, devtools.ErrNoClass):
		return problem.New(http.StatusNotFound, err, "the class may have no object that passes the filter")
	case errors.Is(err, devtools.ErrNoFilter):
		return problem.New(http.StatusNotFound, err, "the snapshot's filters are listed under /filters")
	case errors.Is(err, context.Canceled):
		return problem.New(499, err, "")
	}
	return problem.New(http.StatusInternalServerError, err, "")
}

// of is the snapshot that a request is about.
type of struct {
	ID string `path:"id" doc:"of the snapshot"`
}

// object is the object that a request is about.
type object struct {
	ID     string `path:"id" doc:"of the snapshot"`
	Object string `path:"object" doc:"V8's id of the object, or # and its position in the file"`
}

// find finds the object of a request in an open snapshot.
func find(s *heap.Snapshot, name string) (heap.Node, error) {
	if position, ok := strings.CutPrefix(name, "#"); ok {
		n, err := strconv.ParseUint(position, 10, 32)
		if err == nil && n < uint64(s.NodeCount()) {
			return heap.Node(n), nil
		}
	} else if id, err := strconv.ParseUint(strings.TrimPrefix(name, "@"), 10, 64); err == nil {
		if n, ok := s.NodeByID(id); ok {
			return n, nil
		}
	}
	return 0, problem.New(http.StatusNotFound, fmt.Errorf("the snapshot has no object %s", name), "ids hold within one process: an object that is gone has none in a later snapshot")
}
