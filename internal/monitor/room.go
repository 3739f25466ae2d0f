package monitor

import (
	"context"
	"sync/atomic"

	"github.com/prometheus/prometheus/storage"
)

// room tells people once when the disk has become full, and once when it has room
// again. Everything that needs no new samples goes on meanwhile.
type room struct {
	dir    string
	notice func(string)
	none   atomic.Bool
}

// wrote is told how the writing of samples went.
func (r *room) wrote(err error) {
	switch {
	case err != nil && isFull(err):
		if r.none.CompareAndSwap(false, true) {
			r.notice("the disk of " + r.dir + " is full: samples are lost until there is room; what is there can still be asked")
		}
	case err == nil && r.none.CompareAndSwap(true, false):
		r.notice("the disk of " + r.dir + " has room again: samples are kept")
	}
}

// AppenderV2 is for [storage.AppendableV2].
func (s *samples) AppenderV2(ctx context.Context) storage.AppenderV2 {
	return appender{s.Storage.AppenderV2(ctx), s.room}
}

// appender tells the room what becomes of its samples.
type appender struct {
	storage.AppenderV2

	room *room
}

func (a appender) Commit() error {
	err := a.AppenderV2.Commit()
	a.room.wrote(err)
	return err
}
