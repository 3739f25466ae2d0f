package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/storage"
)

// again is the time to the next attempt at a case that could not be kept.
const again = 5 * time.Second

// keep takes cases, one after the other, until ctx ends.
func (h *hub) keep(ctx context.Context) error {
	consumer, err := h.js.Consumer(ctx, fleet.CasesStream, keeper)
	if err != nil {
		return fmt.Errorf("take cases: %w", err)
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(1))
	if err != nil {
		return fmt.Errorf("take cases: %w", err)
	}
	defer messages.Stop()
	for {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return fmt.Errorf("take cases: %w", err)
		}
		alive := inProgress(ctx, m)
		err = h.keepCase(ctx, m)
		alive()
		if err == nil {
			err = m.DoubleAck(ctx)
		} else if ctx.Err() == nil {
			h.Notice("a case is not kept yet, and is tried again: " + err.Error())
			err = m.NakWithDelay(again)
		}
		if err != nil && ctx.Err() == nil {
			h.Notice("take cases: " + err.Error()) // it comes again
		}
	}
}

// inProgress says that a message is worked on, until the function is called that it
// returns.
func inProgress(ctx context.Context, m jetstream.Msg) (done func()) {
	ctx, cancel := context.WithCancel(ctx)
	over := make(chan struct{})
	go func() {
		defer close(over)
		tick := time.NewTicker(AckWait / 4)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				_ = m.InProgress() // when it is lost the message comes again
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() { cancel(); <-over }
}

// keepCase stores a case's files and has it analysed. All of its steps may have been
// done before.
func (h *hub) keepCase(ctx context.Context, m jetstream.Msg) error {
	var c fleet.Case
	if err := json.Unmarshal(m.Data(), &c); err != nil || m.Subject() != fleet.CaseSubject(c.Agent, c.ID) {
		h.Notice("what came as " + m.Subject() + " is no case of that agent: it is left out")
		return nil
	}
	for _, f := range c.Files() {
		err := h.keepFile(ctx, c.Agent, f)
		if errors.Is(err, errMissing) || errors.Is(err, storage.ErrHash) {
			return h.conclude(ctx, &fleet.Result{Case: c, Worker: "hub", Problem: "its snapshots have not arrived: " + err.Error()})
		}
		if err != nil {
			return err
		}
	}
	if len(c.Snapshots) < 2 {
		return h.conclude(ctx, &fleet.Result{Case: c, Worker: "hub", Problem: c.Problem})
	}
	_, err := h.js.Publish(ctx, fleet.JobSubject(c.Need()), m.Data(), jetstream.WithMsgID(c.ID))
	return err
}

// conclude publishes the result of a case that needs no analyst.
func (h *hub) conclude(ctx context.Context, r *fleet.Result) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = h.js.Publish(ctx, fleet.ResultSubject(r.Case.Agent, r.Case.ID), text, jetstream.WithExpectLastSequencePerSubject(0))
	if fleet.IsThere(err) {
		return nil
	}
	return err
}

// keepFile stores a file that came in chunks, and lets the chunks go.
func (h *hub) keepFile(ctx context.Context, agent string, f fleet.File) error {
	if _, err := h.files.Get(ctx, f.Hash); err == nil || !errors.Is(err, jetstream.ErrKeyNotFound) {
		return err
	}
	if err := h.store.Put(ctx, f, storage.Checked(&chunks{ctx: ctx, stream: h.chunks, agent: agent, file: f}, f)); err != nil {
		return err
	}
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	if _, err := h.files.Put(ctx, f.Hash, text); err != nil {
		return err
	}
	return h.chunks.Purge(ctx, jetstream.WithPurgeSubject(fleet.ChunkSubject(agent, f.Hash, -1)))
}

// errMissing is about a chunk that was stored once.
var errMissing = errors.New("a chunk is missing")

// chunks is a file that came in chunks.
type chunks struct {
	ctx    context.Context
	stream jetstream.Stream
	agent  string
	file   fleet.File

	next int
	left []byte
}

func (c *chunks) Read(p []byte) (int, error) {
	for len(c.left) == 0 {
		if c.next == c.file.Chunks() {
			return 0, io.EOF
		}
		m, err := c.stream.GetLastMsgForSubject(c.ctx, fleet.ChunkSubject(c.agent, c.file.Hash, c.next))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return 0, fmt.Errorf("%w: number %d of %d", errMissing, c.next+1, c.file.Chunks())
		}
		if err != nil {
			return 0, err
		}
		c.next++
		c.left = m.Data
	}
	n := copy(p, c.left)
	c.left = c.left[n:]
	return n, nil
}
