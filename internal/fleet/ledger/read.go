package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/plumb-dev/plumb/internal/fleet"
)

// Follow adds all results to a ledger, those that are there and those that come, until
// ctx ends. The ledger is locked meanwhile. added is called after each, and with nothing
// when all that are there are added; it ends the following with an error.
func Follow(ctx context.Context, js jetstream.JetStream, l *Ledger, lock sync.Locker, added func(*fleet.Result, []Event) error) error {
	stream, err := js.Stream(ctx, fleet.ResultsStream)
	if err != nil {
		return fmt.Errorf("read the results: %w", err)
	}
	consumer, err := stream.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{})
	if err != nil {
		return fmt.Errorf("read the results: %w", err)
	}
	if stream.CachedInfo().State.Msgs == 0 {
		if err := added(nil, nil); err != nil {
			return err
		}
	}
	messages, err := consumer.Messages()
	if err != nil {
		return fmt.Errorf("read the results: %w", err)
	}
	defer messages.Stop()
	for {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return err
		}
		meta, err := m.Metadata()
		if err != nil {
			return err
		}
		r := &fleet.Result{}
		if json.Unmarshal(m.Data(), r) == nil { // nobody but analysts may write here
			lock.Lock()
			events := l.Add(r, meta.Timestamp)
			lock.Unlock()
			if err := added(r, events); err != nil {
				return err
			}
		}
		if meta.NumPending == 0 {
			if err := added(nil, nil); err != nil {
				return err
			}
		}
	}
}

var errAll = errors.New("all are read")

// Read makes a ledger of the results that are there.
func Read(ctx context.Context, js jetstream.JetStream) (*Ledger, error) {
	l := &Ledger{}
	err := Follow(ctx, js, l, &sync.Mutex{}, func(r *fleet.Result, _ []Event) error {
		if r == nil {
			return errAll
		}
		return nil
	})
	if errors.Is(err, errAll) {
		return l, nil
	}
	return nil, err
}

// Apps are the heartbeats that are there, by name. Now is the hub's clock, as far as its
// bucket tells it.
func Apps(ctx context.Context, js jetstream.JetStream) (apps []fleet.App, now time.Time, err error) {
	bucket, err := js.KeyValue(ctx, fleet.AppsBucket)
	if err != nil {
		return nil, now, fmt.Errorf("read the apps: %w", err)
	}
	watch, err := bucket.WatchAll(ctx)
	if err != nil {
		return nil, now, fmt.Errorf("read the apps: %w", err)
	}
	defer func() { _ = watch.Stop() }()
	for entry := range watch.Updates() {
		if entry == nil {
			slices.SortFunc(apps, func(a, b fleet.App) int { return strings.Compare(a.Key(), b.Key()) })
			return apps, now, nil
		}
		if entry.Created().After(now) {
			now = entry.Created()
		}
		var app fleet.App
		if entry.Key() == fleet.HubKey || entry.Operation() != jetstream.KeyValuePut || json.Unmarshal(entry.Value(), &app) != nil {
			continue
		}
		if app.Key() != entry.Key() {
			continue // it would speak for another
		}
		app.Seen = entry.Created()
		apps = append(apps, app)
	}
	return nil, now, fmt.Errorf("read the apps: %w", ctx.Err())
}

// StateOf is how an app is: as it said last, or silent.
func StateOf(a *fleet.App, now time.Time) string {
	if a.State != "left" && now.Sub(a.Seen) > fleet.Silent {
		return "silent"
	}
	return a.State
}

// Case is the result of a case.
func Case(ctx context.Context, js jetstream.JetStream, id string) (*fleet.Result, error) {
	stream, err := js.Stream(ctx, fleet.ResultsStream)
	if err != nil {
		return nil, err
	}
	consumer, err := stream.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{FilterSubjects: []string{fleet.ResultSubject("*", id)}})
	if err != nil {
		return nil, err
	}
	m, err := consumer.Next(jetstream.FetchMaxWait(5 * time.Second))
	if err != nil {
		return nil, err
	}
	r := &fleet.Result{}
	return r, json.Unmarshal(m.Data(), r)
}
