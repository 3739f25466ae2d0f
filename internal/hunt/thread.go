package hunt

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/node"
	"github.com/plumb-dev/plumb/internal/profile"
)

// thread is one heap of the program with what is learnt of it: of its main
// thread, a worker, or a process that it has started.
type thread struct {
	*node.Thread
	process *node.Process // whose main thread it is; nil for a worker
	name    string        // "" for the program's main thread, else "worker 1 (resize.js)", "process 4711"
	slug    string        // the same for names of files
	idle    []Memory      // before the load
	samples []Memory      // before the first and after each round

	snapshots []string      // files
	witness   *node.Witness // that they can be compared
	number    string        // its id in them
	record    *node.Record
	profile   *profile.Profile
	found     *leak.Result
}

// mainThread is that of the program, or of a process that it has started.
func mainThread(p *node.Process, name, slug string) *thread {
	return &thread{Thread: p.Thread, process: p, name: name, slug: slug}
}

func workerThread(w *node.Thread) *thread {
	t := &thread{Thread: w, name: "worker " + w.ID, slug: "worker-" + w.ID + "-"}
	if w.URL != "" {
		t.name += " (" + filepath.Base(strings.TrimPrefix(w.URL, "file://")) + ")"
	}
	return t
}

// codeExpression is the size of compiled code, which memoryUsage counts as heap.
const codeExpression = `(() => {
  const v8 = process.getBuiltinModule ? process.getBuiltinModule('v8') : require('v8');
  const s = v8.getHeapCodeStatistics();
  return s.code_and_metadata_size + s.bytecode_and_metadata_size;
})()`

// sample collects garbage until the heap settles and reads what is left, twice
// at least: V8 keeps tables of a quarter of a megabyte that one collection drops
// and another one fills again. The least of the samples counts.
func (t *thread) sample(ctx context.Context) (least Memory, limit uint64, err error) {
	previous := uint64(0)
	for i := range mostLooks {
		m, heapLimit, err := t.look(ctx)
		if err != nil {
			return Memory{}, 0, err
		}
		if i == 0 || m.Kept() < least.Kept() {
			least, limit = m, heapLimit
		}
		if i > 0 && max(m.Kept(), previous)-min(m.Kept(), previous) <= quiet {
			break
		}
		previous = m.Kept()
	}
	return least, limit, nil
}

const mostLooks = 4

func (t *thread) look(ctx context.Context) (Memory, uint64, error) {
	c, err := t.Collect(ctx)
	if err != nil {
		return Memory{}, 0, fmt.Errorf("collect garbage: %w", err)
	}
	m := Memory{
		HeapUsed: c.After.HeapUsed, External: c.After.External, ArrayBuffers: c.After.ArrayBuffers,
	}
	if t.process != nil { // threads share it
		m.RSS = c.After.RSS
	}
	// Not every runtime tells it; then code counts as objects.
	_ = t.Evaluate(ctx, codeExpression, &m.Code)
	return m, c.After.HeapLimit, nil
}
