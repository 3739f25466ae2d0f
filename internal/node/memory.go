package node

import (
	"context"
	"fmt"
)

// Memory is what process.memoryUsage() tells, and V8's limit for the heap, in
// bytes. Of a page only the heap and the buffers are known; what is not known is
// 0. In a worker RSS is that of the whole process.
type Memory struct {
	RSS          uint64 `json:"rss,omitempty"`
	HeapTotal    uint64 `json:"heapTotal"`
	HeapUsed     uint64 `json:"heapUsed"`
	External     uint64 `json:"external"`
	ArrayBuffers uint64 `json:"arrayBuffers"` // part of External
	HeapLimit    uint64 `json:"heapLimit,omitempty"`
}

// builtin is JavaScript that reaches a module of Node.js from evaluated code:
// getBuiltinModule came with 20.16; require is there through the command line API.
const builtin = `((name) => process.getBuiltinModule ? process.getBuiltinModule(name) : require(name))`

const memoryExpression = `(() => {
  if (!globalThis.process || !process.memoryUsage) return null;
  if (` + loading + `) return { loading: true };
  const { rss, heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage();
  return { rss, heapTotal, heapUsed, external, arrayBuffers, heapLimit: ` + builtin + `('v8').getHeapStatistics().heap_size_limit };
})()`

// Memory asks for the memory figures.
func (t *Thread) Memory(ctx context.Context) (Memory, error) {
	op := t.op("read memory of")
	for {
		var m *struct {
			Memory
			Loading bool `json:"loading"`
		}
		if err := t.session.Evaluate(ctx, memoryExpression, &m); err != nil {
			return Memory{}, explain(op, err)
		}
		if m == nil {
			break // a page
		}
		if !m.Loading {
			return m.Memory, nil
		}
		if !pause(ctx) {
			return Memory{}, fmt.Errorf("%s: %w", op, ctx.Err())
		}
	}
	usage, err := t.session.HeapUsage(ctx)
	if err != nil {
		return Memory{}, explain(op, err)
	}
	return Memory{
		HeapUsed: uint64(usage.Used), HeapTotal: uint64(usage.Total),
		External: uint64(usage.BackingStorage), ArrayBuffers: uint64(usage.BackingStorage),
	}, nil
}

// Collected is what a forced collection did.
type Collected struct {
	Before  Memory `json:"before"`
	After   Memory `json:"after"`
	Rounds  int    `json:"rounds"`  // collections that were needed
	Settled bool   `json:"settled"` // another one would free nothing more
}

const (
	mostRounds = 10
	// Each of our questions leaves a few kB behind: less is no change.
	settledBytes = 16 << 10
)

// Collect forces garbage collections until they free nothing more: finalizers
// run between two of them and let go of further objects, and the memory of
// buffers is returned late.
func (t *Thread) Collect(ctx context.Context) (Collected, error) {
	var c Collected
	var err error
	if c.Before, err = t.Memory(ctx); err != nil {
		return c, err
	}
	c.After = c.Before
	for c.Rounds < mostRounds && !c.Settled {
		if err := t.session.CollectGarbage(ctx); err != nil {
			return c, explain(t.op("collect garbage of"), err)
		}
		c.Rounds++
		previous := c.After
		if c.After, err = t.Memory(ctx); err != nil {
			return c, err
		}
		c.Settled = c.Rounds > 1 && held(c.After)+settledBytes >= held(previous)
	}
	return c, nil
}

// held is what objects hold, in the heap and outside.
func held(m Memory) uint64 { return m.HeapUsed + m.External }
