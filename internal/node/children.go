package node

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/shirou/gopsutil/v4/process"
)

// Descendants lists the Node.js programs that this one has started, directly
// or through others, by process id: the workers of node:cluster, forks.
func (p *Process) Descendants(ctx context.Context) ([]int, error) {
	top, err := process.NewProcessWithContext(ctx, int32(p.hostPID()))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.op("list children of"), err)
	}
	var pids []int
	for queue := []*process.Process{top}; len(queue) > 0; queue = queue[1:] {
		children, err := queue[0].ChildrenWithContext(ctx)
		if err != nil {
			continue // it has none, or has ended
		}
		queue = append(queue, children...)
		for _, c := range children {
			exe, err := c.ExeWithContext(ctx)
			if err == nil && runtimeName(filepath.Base(strings.TrimSuffix(exe, " (deleted)"))) == "node" {
				pids = append(pids, int(c.Pid))
			}
		}
	}
	slices.Sort(pids)
	return pids, nil
}
