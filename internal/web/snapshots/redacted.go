package snapshots

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/plumb-dev/plumb/heap"
)

func (p *Part) registerRedacted(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "redacted", Method: http.MethodGet, Path: "/api/snapshots/{id}/redacted", Summary: "The snapshot without what its strings say",
	}, p.redacted)
}

// redacted answers with a file. Nothing of it is written before the snapshot was found
// well formed, so that a failure can still be told.
func (p *Part) redacted(_ context.Context, in *of) (*huma.StreamResponse, error) {
	p.shelf.mu.Lock()
	b, err := p.shelf.book(in.ID)
	p.shelf.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		stem, _, _ := strings.Cut(b.name, ".heapsnapshot")
		c.SetHeader("Content-Type", "application/json")
		c.SetHeader("Content-Disposition", fmt.Sprintf("attachment; filename=%q", stem+".redacted.heapsnapshot"))
		out := &begun{c: c}
		if _, err := heap.Redact(c.Context(), b.path, out); err != nil && !out.yes {
			c.SetHeader("Content-Disposition", "inline")
			c.SetHeader("Content-Type", "application/problem+json")
			c.SetStatus(http.StatusUnprocessableEntity)
			_ = json.NewEncoder(c.BodyWriter()).Encode(unreadable(b.name, err))
		}
	}}, nil
}

// begun tells whether anything was written.
type begun struct {
	c   huma.Context
	yes bool
}

func (b *begun) Write(p []byte) (int, error) {
	b.yes = true
	return b.c.BodyWriter().Write(p)
}
