package hub

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/ledger"
	"github.com/plumb-dev/plumb/internal/fleet/storage"
)

// Options are what plumb hub is asked for.
type Options struct {
	Dir      string // of the embedded server, and of the tokens
	Listen   string // HOST:PORT of the embedded server
	TLSCert  string
	TLSKey   string
	Cluster  *fleet.Link // NATS servers that run already, instead of the embedded one
	Replicas int         // of everything, in a cluster
	Pages    string      // HOST:PORT of /sd and /metrics
	Keep     time.Duration
	Size     int64  // bytes of snapshots, and of chunks; 0 for what the disk has
	Webhook  string // URL that is told regressions
	// Snapshots is the URL of a bucket for files; "" for JetStream's object store.
	Snapshots string

	Notice func(text string)
	Ready  func(Summary)
}

// Summary is what a hub says when it is ready.
type Summary struct {
	URL   string `json:"url"` // for agents
	Pages string `json:"pages"`
	Dir   string `json:"dir,omitempty"`
	Apps  int    `json:"apps"`
	Cases int    `json:"cases"`
}

// hub is one that runs.
type hub struct {
	Options

	conn   *nats.Conn
	js     jetstream.JetStream
	chunks jetstream.Stream
	files  jetstream.KeyValue
	told   jetstream.KeyValue
	store  storage.Store

	mu      sync.Mutex
	list    *ledger.Ledger // nil until all results are read
	results int
	failed  int
	regress int
}

// Run runs a hub until ctx ends.
func Run(ctx context.Context, o Options) error {
	h := &hub{Options: o}
	url := ""
	writes := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() } // a cluster sees to itself
	if o.Cluster != nil {
		url = o.Cluster.URL
		var err error
		if h.conn, err = o.Cluster.Dial("plumb hub", nats.ReconnectHandler(func(*nats.Conn) { o.Notice("NATS is there again") }),
			nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
				if err != nil {
					o.Notice("NATS is away: " + err.Error())
				}
			})); err != nil {
			return err
		}
	} else {
		s, err := startServer(&o)
		if err != nil {
			return err
		}
		defer s.stop()
		url, writes = s.url, s.writes
		if h.conn, err = s.dial(); err != nil {
			return err
		}
	}
	defer h.conn.Close()
	if err := h.open(ctx); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.Pages)
	if err != nil {
		return &fleet.Error{Err: fmt.Errorf("show the hub's pages: %w", err), Hint: "--pages takes HOST:PORT of this machine; port 0 is any that is free"}
	}
	server := &http.Server{Handler: h.pages(), ReadHeaderTimeout: 5 * time.Second}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return server.Serve(listener) })
	group.Go(func() error { <-ctx.Done(); return server.Close() })
	group.Go(func() error { return h.always(ctx, h.keep) })
	group.Go(func() error { return h.always(ctx, h.follow) })
	group.Go(func() error { return h.beat(ctx) })
	group.Go(func() error { return writes(ctx) })
	o.Ready(h.summary(ctx, url, "http://"+listener.Addr().String()))
	err = group.Wait()
	if ctx.Err() != nil && (errors.Is(err, http.ErrServerClosed) || errors.Is(err, context.Canceled)) {
		return nil
	}
	return err
}

// open makes the streams and opens what is used of them.
func (h *hub) open(ctx context.Context) (err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if h.js, err = jetstream.New(h.conn); err != nil {
		return err
	}
	if err := makeStreams(ctx, h.js, &h.Options); err != nil {
		return &fleet.Error{Err: err, Hint: "the NATS server needs JetStream, a disk with room, and for --replicas N as many servers"}
	}
	if h.chunks, err = h.js.Stream(ctx, fleet.ChunksStream); err != nil {
		return err
	}
	if h.files, err = h.js.KeyValue(ctx, fleet.FilesBucket); err != nil {
		return err
	}
	if h.told, err = h.js.KeyValue(ctx, fleet.ToldBucket); err != nil {
		return err
	}
	if h.Snapshots != "" {
		h.store, err = storage.OpenBlobs(ctx, h.Snapshots)
		return err
	}
	bucket, err := h.js.ObjectStore(ctx, fleet.SnapshotsBucket)
	h.store = storage.Objects{Bucket: bucket}
	return err
}

// always does something again when it has failed, until ctx ends: NATS may be away.
func (h *hub) always(ctx context.Context, do func(context.Context) error) error {
	for {
		err := do(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if h.conn.IsConnected() {
			h.Notice("begin anew: " + err.Error())
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// beat keeps the time: who reads heartbeats compares them with the hub's own.
func (h *hub) beat(ctx context.Context) error {
	tick := time.NewTicker(fleet.Beat / 2)
	defer tick.Stop()
	for {
		_ = h.conn.Publish(fleet.BeatSubject(fleet.HubKey), []byte("{}")) // the next one comes soon
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (h *hub) summary(ctx context.Context, url, pages string) Summary {
	s := Summary{URL: url, Pages: pages, Dir: h.Dir}
	if apps, _, err := ledger.Apps(ctx, h.js); err == nil {
		s.Apps = len(apps)
	}
	if stream, err := h.js.Stream(ctx, fleet.CasesStream); err == nil {
		s.Cases = int(stream.CachedInfo().State.Msgs)
	}
	return s
}
