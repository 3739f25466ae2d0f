package hub

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/ledger"
)

// follow reads all results, and tells regressions, until ctx ends.
func (h *hub) follow(ctx context.Context) error {
	list := &ledger.Ledger{}
	h.mu.Lock()
	h.list, h.results, h.failed, h.regress = nil, 0, 0, 0
	h.mu.Unlock()
	return ledger.Follow(ctx, h.js, list, &h.mu, func(r *fleet.Result, events []ledger.Event) error {
		h.mu.Lock()
		defer h.mu.Unlock()
		if r == nil {
			h.list = list
			return nil
		}
		h.results++
		h.regress += len(events)
		if r.Result == nil && r.Worker != "hub" {
			h.failed++
		}
		for _, e := range events {
			go h.tell(ctx, e)
		}
		return nil
	})
}

// tell tells people and the webhook of an event, until they have been told, once: also
// when the hub was started again meanwhile.
func (h *hub) tell(ctx context.Context, e ledger.Event) {
	said := false
	for wait := time.Second; ; wait = min(2*wait, 5*time.Minute) {
		_, err := h.told.Get(ctx, e.Key())
		if err == nil {
			return
		}
		if errors.Is(err, jetstream.ErrKeyNotFound) {
			if !said {
				h.Notice(fmt.Sprintf("regression: %s in %s of %s: %s", e.Finding.Name, e.Release, e.Finding.App, e.Finding.Line))
				said = true
			}
			if err = h.post(ctx, e); err == nil {
				_, err = h.told.Put(ctx, e.Key(), nil)
			}
		}
		if err == nil || ctx.Err() != nil {
			return
		}
		h.Notice(fmt.Sprintf("the regression of %s is not told yet: %v", e.Finding.Name, err))
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
	}
}

// post posts an event. Its key lets who gets it know one that comes twice: the hub may
// be killed after the answer.
func (h *hub) post(ctx context.Context, e ledger.Event) error {
	if h.Webhook == "" {
		return nil
	}
	text, err := json.Marshal(struct {
		Kind string `json:"event"`
		Key  string `json:"key"`
		ledger.Event
	}{"regression", e.Key(), e})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, h.Webhook, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", e.Key())
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		return fmt.Errorf("%s answers %s", h.Webhook, response.Status)
	}
	return nil
}
