package snapshots

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/plumb-dev/plumb/internal/web/problem"
)

// Snapshot is one on the shelf.
type Snapshot struct {
	ID     string           `json:"id"`
	Name   string           `json:"name"`
	Source Source           `json:"source" enum:"file,captured,upload"`
	State  State            `json:"state" enum:"closed,opening,ready,failed"`
	Bytes  int64            `json:"bytes" doc:"of the file"`
	Taken  time.Time        `json:"taken" doc:"when the file was written"`
	Phase  string           `json:"phase,omitempty" doc:"of opening"`
	Done   float64          `json:"done,omitempty" doc:"part of the phase that is done, from 0 to 1"`
	Nodes  int              `json:"nodes,omitempty"`
	Edges  int              `json:"edges,omitempty"`
	Total  uint64           `json:"total,omitempty" doc:"shallow sizes of all objects together, bytes"`
	Notes  []string         `json:"notes,omitempty" doc:"what is odd about the file"`
	Traced bool             `json:"traced,omitempty" doc:"allocations were recorded"`
	Why    *problem.Problem `json:"why,omitempty" doc:"it could not be opened"`
}

// Shown are the snapshots that are there.
type Shown struct {
	Snapshots []Snapshot `json:"snapshots" nullable:"false"`
}

type uploadInput struct {
	Name string `query:"name" required:"true" maxLength:"255" doc:"of the file"`
	body io.Reader
}

// Resolve takes the body as it comes: it may be gigabytes.
func (in *uploadInput) Resolve(c huma.Context) []error {
	in.body = c.BodyReader()
	return nil
}

func (p *Part) registerShelf(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "snapshots", Method: http.MethodGet, Path: "/api/snapshots", Summary: "The snapshots that are there",
	}, func(context.Context, *struct{}) (*output[Shown], error) {
		return &output[Shown]{Shown{p.shelf.list()}}, nil
	})
	huma.Register(api, huma.Operation{
		OperationID: "upload", Method: http.MethodPost, Path: "/api/snapshots", Summary: "Look at a file: the body is its content",
	}, p.upload)
	huma.Register(api, huma.Operation{
		OperationID: "open", Method: http.MethodPost, Path: "/api/snapshots/{id}/open", Summary: "Begin to open a snapshot",
	}, func(_ context.Context, in *of) (*output[Snapshot], error) {
		if err := p.shelf.Open(in.ID); err != nil {
			return nil, refused(err)
		}
		return answer(p.shelf.one(in.ID))
	})
	huma.Register(api, huma.Operation{
		OperationID: "opened", Method: http.MethodGet, Path: "/api/snapshots/{id}/opened", Summary: "Open a snapshot, and wait until it is",
	}, func(ctx context.Context, in *of) (*output[Snapshot], error) {
		if err := p.shelf.lend(ctx, in.ID, func(*book) error { return nil }); err != nil {
			return nil, refused(err)
		}
		return answer(p.shelf.one(in.ID))
	})
	huma.Register(api, huma.Operation{
		OperationID: "forget", Method: http.MethodDelete, Path: "/api/snapshots/{id}", Summary: "Remove an upload",
	}, func(_ context.Context, in *of) (*struct{}, error) {
		if err := p.shelf.forget(in.ID); err != nil {
			return nil, refused(err)
		}
		return &struct{}{}, nil
	})
}

func (s *Shelf) list() []Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.look()
	shown := []Snapshot{}
	for _, b := range s.books {
		shown = append(shown, b.shown())
	}
	return shown
}

func (s *Shelf) one(id string) (Snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.book(id)
	if err != nil {
		return Snapshot{}, err
	}
	return b.shown(), nil
}

func (b *book) shown() Snapshot {
	shown := Snapshot{ID: b.id, Name: b.name, Source: b.source, State: b.state, Bytes: b.bytes, Taken: b.taken}
	switch b.state {
	case Opening:
		shown.Phase = string(b.progress.Phase)
		if b.progress.Total > 0 {
			shown.Done = min(1, float64(b.progress.Done)/float64(b.progress.Total))
		}
	case Failed:
		shown.Why = unreadable(b.name, b.failure)
	case Ready:
		s := b.view.Snapshot()
		shown.Nodes, shown.Edges, shown.Total, shown.Notes = s.NodeCount(), s.EdgeCount(), s.TotalSize(), s.Warnings()
		shown.Traced = len(s.TraceTree()) > 0
	case Closed:
	}
	return shown
}

func (p *Part) upload(_ context.Context, in *uploadInput) (*output[Snapshot], error) {
	name := path.Base(strings.ReplaceAll(in.Name, `\`, "/")) // for people to read: no file has it
	id, err := p.shelf.Take(name, in.body)
	if err != nil {
		return nil, refused(err)
	}
	return answer(p.shelf.one(id))
}

// Take puts a snapshot on the shelf that comes from elsewhere, and begins to open it. It
// goes with the shelf.
func (s *Shelf) Take(name string, body io.Reader) (id string, err error) {
	kept, err := s.uploads.take(name, body)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.add(kept, name, Upload)
	s.begin(b)
	return b.id, nil
}

// forget removes an upload. The user's own files are not touched.
func (s *Shelf) forget(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.book(id)
	switch {
	case err != nil:
		return err
	case b.source != Upload:
		return problem.New(http.StatusForbidden, errors.New("only uploads can be removed here"), "the file is yours: remove it yourself")
	case b.state == Opening || b.lent > 0:
		return problem.New(http.StatusConflict, fmt.Errorf("%s is in use", b.name), "wait a moment")
	}
	b.close()
	s.books = slices.DeleteFunc(s.books, func(other *book) bool { return other == b })
	_ = os.Remove(b.path + ".plumb") // its index
	return os.Remove(b.path)
}
