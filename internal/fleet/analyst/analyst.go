// Package analyst compares the snapshots of cases, on any number of machines.
//
// An analyst takes one case at a time, of those that its memory can hold: cases of each
// class of need have a queue of their own. While it works it says so; when it no longer
// does, because it was killed or the network is cut, another one gets the case. The
// result of a case is published under a subject that takes one message: the second
// analyst that comes to an end with it changes nothing.
//
// A case that fails is tried again, later each time, and given up after [mostTries], with
// a result that says why.
package analyst

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"filippo.io/age"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/storage"
)

const (
	// mostTries is how often a case is tried.
	mostTries = 5
	// idle is the time between two looks at empty queues.
	idle = time.Second
	// alive is the time between two signs of life; the hub waits for four of them.
	alive = 5 * time.Second
)

// Options are what plumb analyze is asked for.
type Options struct {
	Link   fleet.Link
	Name   string         // of this analyst, in results
	Memory uint64         // bytes that a comparison may take
	Dir    string         // for snapshots while they are compared; "" for the usual folder
	Keys   []age.Identity // that open what agents have encrypted
	Notice func(text string)
	Ready  func(most fleet.Need)
}

type analyst struct {
	Options

	conn *nats.Conn
	busy atomic.Bool

	js      jetstream.JetStream
	objects storage.Store
	blobs   *storage.Blobs // nil for none
	where   string         // their URL
	tries   jetstream.KeyValue
}

// Run takes cases until ctx ends. The case that is under way then goes to another
// analyst at once.
func Run(ctx context.Context, o Options) error {
	if o.Memory < fleet.LeastNeed.Bytes() {
		return &fleet.Error{
			Err:  fmt.Errorf("%d MB of memory are too little for any case: the least is %s", o.Memory>>20, fleet.LeastNeed),
			Hint: "say with --memory how much a comparison may take",
		}
	}
	most := fleet.LeastNeed
	for most < fleet.MostNeed && (most+1).Bytes() <= o.Memory {
		most++
	}
	conn, err := o.Link.Dial("plumb analyze "+o.Name,
		nats.ReconnectHandler(func(*nats.Conn) { o.Notice("the hub is there again") }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				o.Notice("the hub is away: " + err.Error())
			}
		}))
	if err != nil {
		return err
	}
	defer conn.Close()
	a := &analyst{Options: o, conn: conn}
	defer func() {
		if a.blobs != nil {
			_ = a.blobs.Close()
		}
	}()
	if a.js, err = jetstream.New(conn); err != nil {
		return err
	}
	if err := a.connect(ctx); err != nil {
		return &fleet.Error{Err: fmt.Errorf("take cases: %w", err), Hint: "the token needs the role analyst, and the hub must have been started once"}
	}
	go a.beat(ctx)
	o.Ready(most)
	for ctx.Err() == nil {
		took, err := a.takeOne(ctx, most)
		if err != nil && ctx.Err() == nil && conn.IsConnected() {
			o.Notice("take a case: " + err.Error())
		}
		if took && err == nil {
			continue
		}
		select {
		case <-time.After(idle):
		case <-ctx.Done():
		}
	}
	return nil
}

func (a *analyst) connect(ctx context.Context) (err error) {
	if a.tries, err = a.js.KeyValue(ctx, fleet.TriesBucket); err != nil {
		return err
	}
	bucket, err := a.js.ObjectStore(ctx, fleet.SnapshotsBucket)
	a.objects = storage.Objects{Bucket: bucket}
	if err != nil {
		return err
	}
	return a.openBlobs(ctx)
}

// beat tells the hub that this analyst is there.
func (a *analyst) beat(ctx context.Context) {
	tick := time.NewTicker(fleet.Beat)
	defer tick.Stop()
	for {
		state := fleet.Idle
		if a.busy.Load() {
			state = fleet.Busy
		}
		_ = a.conn.Publish("$KV."+fleet.AnalystsBucket+"."+fleet.Name(a.Name), []byte(state)) // the next one comes soon
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// openBlobs opens the bucket that the hub puts files into, if it is not JetStream's.
func (a *analyst) openBlobs(ctx context.Context) error {
	stream, err := a.js.Stream(ctx, fleet.JobsStream)
	if err != nil {
		return err
	}
	where := stream.CachedInfo().Config.Metadata[fleet.SnapshotsKey]
	if where == a.where {
		return nil
	}
	var blobs *storage.Blobs
	if where != "" {
		if blobs, err = storage.OpenBlobs(ctx, where); err != nil {
			return err
		}
	}
	if a.blobs != nil {
		_ = a.blobs.Close()
	}
	a.blobs, a.where = blobs, where
	return nil
}

// takeOne takes a case of the largest class that has one: what only few can hold must
// not wait for what all can.
func (a *analyst) takeOne(ctx context.Context, most fleet.Need) (took bool, err error) {
	for need := most; need >= fleet.LeastNeed; need-- {
		consumer, err := a.js.Consumer(ctx, fleet.JobsStream, need.String())
		if err != nil {
			return false, err
		}
		if consumer.CachedInfo().NumPending == 0 && consumer.CachedInfo().NumRedelivered == 0 && consumer.CachedInfo().NumAckPending == 0 {
			continue
		}
		batch, err := consumer.FetchNoWait(1)
		if err != nil {
			return false, err
		}
		for m := range batch.Messages() {
			return true, a.work(ctx, m)
		}
		if err := batch.Error(); err != nil {
			return false, err
		}
	}
	return false, nil
}

// work sees a case to its end.
func (a *analyst) work(ctx context.Context, m jetstream.Msg) error {
	var c fleet.Case
	if err := json.Unmarshal(m.Data(), &c); err != nil {
		return m.TermWithReason("this is no case: " + err.Error())
	}
	meta, err := m.Metadata()
	if err != nil {
		return err
	}
	r := &fleet.Result{Case: c, Worker: a.Name, Tries: int(meta.NumDelivered)}
	if r.Tries > mostTries {
		r.Tries--
		r.Problem = fmt.Sprintf("given up after %d tries: %s", r.Tries, a.lastProblem(ctx, c.ID))
		return a.finish(ctx, m, r)
	}
	a.busy.Store(true)
	defer a.busy.Store(false)
	a.note(ctx, c.ID, fleet.Try{Worker: a.Name})
	began := time.Now()
	signs := a.signs(ctx, m)
	r.Result, err = a.compare(ctx, &c)
	signs()
	r.Took = time.Since(began)
	switch {
	case ctx.Err() != nil:
		return m.Nak() // it is not the case's fault
	case err == nil:
		return a.finish(ctx, m, r)
	case errors.Is(err, errHopeless), r.Tries == mostTries:
		r.Problem = err.Error()
		return a.finish(ctx, m, r)
	}
	a.note(ctx, c.ID, fleet.Try{Worker: a.Name, Problem: err.Error()})
	wait := time.Duration(1<<r.Tries) * time.Second
	a.Notice(fmt.Sprintf("the case %s of %s is tried again in %s: %v", c.ID, c.App, wait, err))
	return m.NakWithDelay(wait)
}

// finish publishes a result and takes the case out of the queue.
func (a *analyst) finish(ctx context.Context, m jetstream.Msg, r *fleet.Result) error {
	if r.Result != nil {
		r.Line = line(r.Result)
	}
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = a.js.Publish(ctx, fleet.ResultSubject(r.Case.Agent, r.Case.ID), text, jetstream.WithExpectLastSequencePerSubject(0))
	if err != nil && !fleet.IsThere(err) {
		return err // the case comes again
	}
	said := r.Line
	if r.Result == nil {
		said = r.Problem
	}
	a.Notice(fmt.Sprintf("%s on %s: %s", r.Case.App, r.Case.Host, said))
	return m.DoubleAck(ctx)
}

// note keeps what an attempt is at. It is for people and for the next attempt: without
// it the case is analysed all the same.
func (a *analyst) note(ctx context.Context, id string, t fleet.Try) {
	if text, err := json.Marshal(t); err == nil {
		_, _ = a.tries.Put(ctx, id, text)
	}
}

// lastProblem says why the last attempt did not succeed. One that left no word was ended
// from outside.
func (a *analyst) lastProblem(ctx context.Context, id string) string {
	entry, err := a.tries.Get(ctx, id)
	if err != nil {
		return "nobody has left a word about it"
	}
	var t fleet.Try
	if json.Unmarshal(entry.Value(), &t) != nil || t.Problem == "" {
		return t.Worker + " had it and ended: it was killed, or had too little memory"
	}
	return t.Problem
}

// signs says that a case is worked on, until the function is called that it returns.
func (a *analyst) signs(ctx context.Context, m jetstream.Msg) (done func()) {
	ctx, cancel := context.WithCancel(ctx)
	over := make(chan struct{})
	go func() {
		defer close(over)
		tick := time.NewTicker(alive)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				_ = m.InProgress() // when none arrives, another analyst gets the case
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() { cancel(); <-over }
}
