package hunt

import (
	"context"
	"fmt"

	"github.com/plumb-dev/plumb/internal/node"
)

// mostHeaps is how many heaps of one program are looked at.
const mostHeaps = 9

// findThreads lists the main thread, the workers, and the main threads of the
// processes that the program has started, such as those of node:cluster.
func (h *hunter) findThreads(ctx context.Context) {
	h.threads = []*thread{mainThread(h.process, "", "")}
	// Not every runtime has workers.
	workers, _ := h.process.Workers(ctx)
	for _, w := range workers {
		h.threads = append(h.threads, workerThread(w))
	}
	others, err := h.process.Descendants(ctx)
	if err != nil {
		return
	}
	for i, other := range others {
		if len(h.threads) >= mostHeaps {
			break
		}
		p, err := attachTo(ctx, other, i < len(others)-1)
		if err != nil {
			h.unreached = append(h.unreached, other.PID)
			h.note("process %d, which the program has started, cannot be looked into: %v", other.PID, err)
			continue
		}
		h.makeQuiet(ctx, p)
		h.attached = append(h.attached, p)
		h.threads = append(h.threads, mainThread(p, fmt.Sprintf("process %d", other.PID), fmt.Sprintf("process-%d-", other.PID)))
	}
	if all := 1 + len(workers) + len(others); all > len(h.threads) && len(h.unreached) == 0 {
		h.note("of %d heaps of the program, %d are looked at", all, len(h.threads))
	}
}

// attach attaches to a program. Its processes will want the port of its inspector.
func attach(ctx context.Context, target string) (*node.Process, error) {
	p, err := node.Attach(ctx, target, node.AttachOptions{})
	if err != nil {
		return nil, err
	}
	if others, err := p.Descendants(ctx); err != nil || len(others) == 0 {
		return p, nil
	}
	return p.Move(ctx, 0)
}

// attachTo attaches to a process that the program has started. Node.js opens
// every inspector at port 9229: when more processes follow, this one's moves.
func attachTo(ctx context.Context, other node.Descendant, more bool) (*node.Process, error) {
	p, err := node.Attach(ctx, other.Target, node.AttachOptions{})
	if err != nil || !more {
		return p, err
	}
	return p.Move(ctx, 0)
}

// leave lets go of the processes that the program has started.
func (h *hunter) leave(ctx context.Context) {
	for _, p := range h.attached {
		_ = p.Release(ctx)
	}
}
