package monitor

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/scrape"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/storage/remote"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/tsdb/agent"
	"github.com/prometheus/prometheus/util/compression"
	"github.com/prometheus/prometheus/web"
)

// samples are where samples are kept: on disk here, and wherever remote_write and
// remote_read of the user's file point to.
type samples struct {
	storage.Storage // both

	local  localStorage
	remote *remote.Storage
	apply  func(*config.Config) error // to the local one
	jobs   atomic.Pointer[scrape.Manager]
	room   *room
}

// localStorage is what Prometheus' web handler asks.
type localStorage interface {
	web.LocalStorage
	storage.ExemplarQueryable
}

// Get gives remote_write the metadata of targets.
func (s *samples) Get() (*scrape.Manager, error) {
	if m := s.jobs.Load(); m != nil {
		return m, nil
	}
	return nil, errNoJobs
}

var errNoJobs = errors.New("scraping has not started")

// remoteFlush is how long an end waits until remote_write has sent the samples that it
// holds, and then once more for what is known about metrics.
const remoteFlush = 30 * time.Second

// openSamples opens the folder, which repairs and replays what a kill has left.
func openSamples(dir string, f *files, o *Options, log *slog.Logger) (*samples, error) {
	s := &samples{room: &room{dir: dir, notice: o.Notice}}
	s.remote = remote.NewStorage(log.With("component", "remote"), prometheus.DefaultRegisterer, s.oldest, dir, remoteFlush, s, false)
	var err error
	if o.Agent {
		err = s.openAgent(dir, log)
	} else {
		err = s.openDatabase(dir, f, log)
	}
	if err != nil {
		_ = s.remote.Close() // it has sent nothing yet
		return nil, storageError(dir, err)
	}
	s.Storage = storage.NewFanout(log, s.local, s.remote)
	return s, nil
}

// openDatabase opens what Prometheus opens, with its defaults.
func (s *samples) openDatabase(dir string, f *files, log *slog.Logger) error {
	options := tsdb.DefaultOptions()
	options.WALCompression = compression.Snappy
	options.OutOfOrderTimeWindow = f.StorageConfig.TSDBConfig.OutOfOrderTimeWindow
	retention := f.StorageConfig.TSDBConfig.Retention
	options.RetentionDuration = time.Duration(retention.Time).Milliseconds()
	options.MaxBytes = int64(retention.Size)
	options.MaxPercentage = retention.Percentage
	// A block spans a tenth of what is kept, or a month.
	options.MaxBlockDuration = (31 * 24 * time.Hour).Milliseconds()
	if retention.Time != 0 {
		options.MaxBlockDuration = max(options.MinBlockDuration, min(options.MaxBlockDuration, options.RetentionDuration/10))
	}
	stats := tsdb.NewDBStats()
	db, err := tsdb.Open(dir, log.With("component", "tsdb"), prometheus.DefaultRegisterer, options, stats)
	if err != nil {
		return err
	}
	db.SetWriteNotified(s.remote)
	s.local, s.apply = database{db, stats}, db.ApplyConfig
	return nil
}

// openAgent opens a log of samples that only remote_write reads.
func (s *samples) openAgent(dir string, log *slog.Logger) error {
	options := agent.DefaultOptions()
	options.WALCompression = compression.Snappy
	db, err := agent.Open(log.With("component", "agent"), prometheus.DefaultRegisterer, s.remote, dir, options)
	if err != nil {
		return err
	}
	db.SetWriteNotified(s.remote)
	s.local, s.apply = agentLog{db}, func(*config.Config) error { return nil }
	return nil
}

// oldest is the time in milliseconds from which samples are here, and remote_read
// need not be asked. As in Prometheus, some minutes later: scrapes take time to start.
func (s *samples) oldest() (int64, error) {
	switch local := s.local.(type) {
	case database:
		start := time.Now().UnixMilli()
		if blocks := local.Blocks(); len(blocks) > 0 {
			start = blocks[0].Meta().MinTime
		}
		return start + 2*tsdb.DefaultBlockDuration, nil
	case agentLog:
		return local.StartTime()
	default:
		return math.MaxInt64, tsdb.ErrNotReady
	}
}

// wasDamaged tells whether the log of samples had to be repaired. The library counts
// it, and says so only in its own log.
func wasDamaged() bool {
	families, _ := prometheus.DefaultGatherer.Gather() // what there is, even with errors
	for _, f := range families {
		if f.GetName() == "prometheus_tsdb_wal_corruptions_total" {
			return f.Metric[0].GetCounter().GetValue() > 0
		}
	}
	return false
}

// storageError words why a folder cannot be opened.
func storageError(dir string, err error) error {
	op := "open the data in " + dir
	switch {
	case isLocked(err):
		return &Error{op, ErrTaken, "another plumb monitor or Prometheus runs on this folder: stop it, or give another with --storage.tsdb.path"}
	case errors.Is(err, os.ErrPermission):
		return &Error{op, err, "give a folder that this user can write with --storage.tsdb.path"}
	case isFull(err):
		return &Error{op, err, "make room there, or give another folder with --storage.tsdb.path"}
	default:
		return &Error{op, err, "the folder is that of a Prometheus server: promtool tsdb analyze tells more about it"}
	}
}

// database is the local storage as the API wants it.
type database struct {
	*tsdb.DB

	stats *tsdb.DBStats
}

func (d database) BlockMetas() ([]tsdb.BlockMeta, error) { return d.DB.BlockMetas(), nil }

func (d database) Stats(label string, limit int) (*tsdb.Stats, error) {
	return d.Head().Stats(label, limit), nil
}

func (d database) WALReplayStatus() (tsdb.WALReplayStatus, error) {
	return d.stats.Head.WALReplayStatus.GetWALReplayStatus(), nil
}

// agentLog is the log of an agent as the API wants it: it cannot be asked anything.
type agentLog struct{ *agent.DB }

func (agentLog) CleanTombstones() error { return agent.ErrUnsupported }
func (agentLog) Delete(context.Context, int64, int64, ...*labels.Matcher) error {
	return agent.ErrUnsupported
}
func (agentLog) Snapshot(string, bool) error            { return agent.ErrUnsupported }
func (agentLog) Stats(string, int) (*tsdb.Stats, error) { return nil, agent.ErrUnsupported }
func (agentLog) WALReplayStatus() (tsdb.WALReplayStatus, error) {
	return tsdb.WALReplayStatus{}, agent.ErrUnsupported
}
func (agentLog) BlockMetas() ([]tsdb.BlockMeta, error) { return nil, agent.ErrUnsupported }

// retention is set before files are loaded: it is what holds where they say nothing.
func setRetention(d time.Duration) {
	if d == 0 {
		d = usualRetention
	}
	config.DefaultTSDBRetentionConfig = config.TSDBRetentionConfig{Time: model.Duration(d)}
}

// storage is the folder that is to be kept, "" for none: without files and without
// a folder of the user's, nothing is to remain.
func (o *Options) storage() string {
	switch {
	case o.StoragePath != "":
		return filepath.Clean(o.StoragePath)
	case o.ConfigFile != "":
		return usualStorage
	default:
		return ""
	}
}

// folder makes the folder of samples.
func (o *Options) folder() (dir string, remove func() error, err error) {
	if dir := o.storage(); dir != "" {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return "", nil, storageError(dir, err)
		}
		return dir, func() error { return nil }, nil
	}
	return temporaryFolder()
}

// isLocked: the lock's own error differs between systems.
func isLocked(err error) bool {
	return strings.Contains(err.Error(), "lock DB directory") && !errors.Is(err, os.ErrPermission) && !isFull(err)
}

func isFull(err error) bool { return errors.Is(err, syscall.ENOSPC) }
