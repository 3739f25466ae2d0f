package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/spool"
)

const (
	// patience is for one answer of the hub.
	patience = 20 * time.Second
	// again is the time to the next attempt after one that failed.
	again = 5 * time.Second
)

// send sends what is in the spool, also what an agent that was killed has left there.
func (a *Agent) send() {
	for {
		failed := false
		for _, w := range a.Spool.Waiting() {
			if a.ctx.Err() != nil {
				return
			}
			switch err := a.deliver(w); {
			case err == nil, errors.Is(err, errBroken):
				if err != nil {
					a.Say(fmt.Sprintf("the case %s of %s is dropped: %v", w.ID, w.App, err))
				}
				w.Done()
			case errors.Is(err, os.ErrNotExist): // the spool was full meanwhile
			default:
				if failed = true; a.conn.IsConnected() && a.ctx.Err() == nil {
					a.refused(err)
				}
			}
			if failed {
				break
			}
		}
		var retry <-chan time.Time
		if failed {
			retry = time.After(again)
		}
		select {
		case <-a.Spool.Added():
		case <-a.sendAgain:
		case <-retry:
		case <-a.ctx.Done():
			return
		}
	}
}

// refused says once why the hub takes nothing.
func (a *Agent) refused(err error) {
	a.mu.Lock()
	known := a.away != ""
	a.away = err.Error()
	a.mu.Unlock()
	if !known {
		a.Say("the hub takes nothing now, and it is tried again: " + err.Error())
	}
}

// errBroken is about a case that can never be sent.
var errBroken = errors.New("its file is not what it was")

// deliver sends a case, its files first. What the hub has already is not sent again.
func (a *Agent) deliver(w *spool.Waiting) error {
	for _, f := range w.Files() {
		if err := a.upload(w, f); err != nil {
			return err
		}
	}
	text, err := json.Marshal(&w.Case)
	if err != nil {
		return err
	}
	if err := a.once(fleet.CaseSubject(a.Link.Token.Name, w.ID), text); err != nil {
		return err
	}
	a.mu.Lock()
	was := a.away
	a.away = ""
	if len(w.Snapshots) > 1 {
		a.series[w.Snapshots[0].Content()] = w.Snapshots
	}
	a.mu.Unlock()
	if was != "" {
		a.Say("the hub has the case of " + w.App)
	}
	return nil
}

// upload sends the chunks of a file that the hub does not have.
func (a *Agent) upload(w *spool.Waiting, f fleet.File) error {
	ctx, cancel := context.WithTimeout(a.ctx, patience)
	defer cancel()
	files, err := a.js.KeyValue(ctx, fleet.FilesBucket)
	if err != nil {
		return err
	}
	if _, err := files.Get(ctx, f.Hash); err == nil || !errors.Is(err, jetstream.ErrKeyNotFound) {
		return err
	}
	stream, err := a.js.Stream(ctx, fleet.ChunksStream)
	if err != nil {
		return err
	}
	info, err := stream.Info(ctx, jetstream.WithSubjectFilter(fleet.ChunkSubject(a.Link.Token.Name, f.Hash, -1)))
	if err != nil {
		return err
	}
	file, err := os.Open(w.Path(f))
	if errors.Is(err, os.ErrNotExist) && w.Exists() {
		return errBroken // one of a series that the hub had, and has no longer
	}
	if err != nil {
		return err
	}
	defer file.Close()
	if stat, err := file.Stat(); err != nil || stat.Size() != f.Bytes {
		return errBroken
	}
	chunk := make([]byte, fleet.ChunkSize)
	for n := range f.Chunks() {
		subject := fleet.ChunkSubject(a.Link.Token.Name, f.Hash, n)
		if info.State.Subjects[subject] > 0 {
			continue
		}
		size, err := file.ReadAt(chunk, int64(n)*fleet.ChunkSize)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if err := a.once(subject, chunk[:size]); err != nil {
			return err
		}
	}
	return nil
}

// once publishes a message under a subject that has one at most. It is stored when once
// returns nil, by this call or an earlier one.
func (a *Agent) once(subject string, data []byte) error {
	ctx, cancel := context.WithTimeout(a.ctx, patience)
	defer cancel()
	_, err := a.js.Publish(ctx, subject, data, jetstream.WithExpectLastSequencePerSubject(0))
	if fleet.IsThere(err) {
		return nil
	}
	return err
}
