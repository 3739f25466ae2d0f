package hunt

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/plumb-dev/plumb/internal/node"
)

// thread is one heap of the program with what is learnt of it.
type thread struct {
	*node.Thread
	name    string   // "" for the main thread, else "worker 1 (resize.js)"
	idle    []Memory // before the load
	samples []Memory // before the first and after each round

	snapshots []string // files
	record    *node.Record
	profile   *node.AllocationProfile
}

func newThread(t *node.Thread) *thread {
	name := ""
	if t.ID != "" {
		name = "worker " + t.ID
		if t.URL != "" {
			name += " (" + filepath.Base(strings.TrimPrefix(t.URL, "file://")) + ")"
		}
	}
	return &thread{Thread: t, name: name}
}

// codeExpression is the size of compiled code, which memoryUsage counts as heap.
const codeExpression = `(() => {
  const v8 = process.getBuiltinModule ? process.getBuiltinModule('v8') : require('v8');
  const s = v8.getHeapCodeStatistics();
  return s.code_and_metadata_size + s.bytecode_and_metadata_size;
})()`

// sample collects garbage until the heap settles and reads what is left.
func (t *thread) sample(ctx context.Context) (Memory, uint64, error) {
	c, err := t.Collect(ctx)
	if err != nil {
		return Memory{}, 0, fmt.Errorf("collect garbage: %w", err)
	}
	m := Memory{
		HeapUsed: c.After.HeapUsed, External: c.After.External, ArrayBuffers: c.After.ArrayBuffers, RSS: c.After.RSS,
	}
	// Not every runtime tells it; then code counts as objects.
	_ = t.Evaluate(ctx, codeExpression, &m.Code)
	return m, c.After.HeapLimit, nil
}

// slug is the thread's name for files.
func (t *thread) slug() string {
	if t.name == "" {
		return ""
	}
	return "worker-" + t.ID + "-"
}
