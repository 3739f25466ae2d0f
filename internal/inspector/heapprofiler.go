package inspector

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/plumb-dev/plumb/internal/profile"
)

// CollectGarbage runs one full collection.
func (s *Session) CollectGarbage(ctx context.Context) error {
	return s.Call(ctx, "HeapProfiler.collectGarbage", nil, nil)
}

// SnapshotOptions are those of a heap snapshot.
type SnapshotOptions struct {
	Numeric  bool                  // record the values of numbers: about 12 % more bytes
	Progress func(done, total int) // objects seen; called before the first byte is written
}

// TakeHeapSnapshot writes a snapshot to w as it arrives. The target stands
// still until the end. An error of w ends the writing; the rest of the snapshot
// is then waited for and thrown away, because the target cannot be stopped.
func (s *Session) TakeHeapSnapshot(ctx context.Context, w io.Writer, opts SnapshotOptions) error {
	var failure error
	var text []byte
	stop := s.On("HeapProfiler.addHeapSnapshotChunk", func(params json.RawMessage) {
		if failure != nil {
			return
		}
		if text, failure = stringMember(text[:0], params, "chunk"); failure == nil {
			_, failure = w.Write(text)
		}
	})
	defer stop()
	if opts.Progress != nil {
		defer s.On("HeapProfiler.reportHeapSnapshotProgress", func(params json.RawMessage) {
			var p struct{ Done, Total int }
			if json.Unmarshal(params, &p) == nil {
				opts.Progress(p.Done, p.Total)
			}
		})()
	}
	params := map[string]any{"reportProgress": opts.Progress != nil}
	if opts.Numeric {
		params["captureNumericValue"] = true
		params["exposeInternals"] = false
	}
	err := s.Call(ctx, "HeapProfiler.takeHeapSnapshot", params, nil)
	if failure != nil {
		err = failure
	}
	if err != nil {
		return fmt.Errorf("take heap snapshot: %w", err)
	}
	return nil
}

// HeapObject returns a reference to an object by its id in a snapshot that was
// taken in this session. V8 forgets the ids when a debugger leaves, also another.
func (s *Session) HeapObject(ctx context.Context, id uint64) (*RemoteObject, error) {
	var answer struct {
		Result RemoteObject `json:"result"`
	}
	err := s.Call(ctx, "HeapProfiler.getObjectByHeapObjectId", map[string]any{"objectId": strconv.FormatUint(id, 10)}, &answer)
	return &answer.Result, err
}

// HeapObjectID returns the id that a remote object has in snapshots; "0" when V8
// has not numbered it.
func (s *Session) HeapObjectID(ctx context.Context, objectID string) (string, error) {
	var answer struct {
		ID string `json:"heapSnapshotObjectId"`
	}
	err := s.Call(ctx, "HeapProfiler.getHeapObjectId", map[string]any{"objectId": objectID}, &answer)
	return answer.ID, err
}

// SamplingOptions are those of the sampling allocation profiler.
type SamplingOptions struct {
	Interval int  // average bytes between samples; 0 is V8's 32 KiB
	All      bool // also what was collected meanwhile; else only what is alive at the end
}

// StartSampling starts to sample allocations.
func (s *Session) StartSampling(ctx context.Context, opts SamplingOptions) error {
	params := map[string]any{
		"includeObjectsCollectedByMajorGC": opts.All,
		"includeObjectsCollectedByMinorGC": opts.All,
	}
	if opts.Interval > 0 {
		params["samplingInterval"] = opts.Interval
	}
	return s.Call(ctx, "HeapProfiler.startSampling", params, nil)
}

// StopSampling ends the sampling and returns what was sampled.
func (s *Session) StopSampling(ctx context.Context) (*profile.Profile, error) {
	var answer struct {
		Profile *profile.Profile `json:"profile"`
	}
	err := s.Call(ctx, "HeapProfiler.stopSampling", nil, &answer)
	return answer.Profile, err
}

// SamplingProfile returns what was sampled so far; the sampling goes on.
func (s *Session) SamplingProfile(ctx context.Context) (*profile.Profile, error) {
	var answer struct {
		Profile *profile.Profile `json:"profile"`
	}
	err := s.Call(ctx, "HeapProfiler.getSamplingProfile", nil, &answer)
	return answer.Profile, err
}
