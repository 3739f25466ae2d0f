package node

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shirou/gopsutil/v4/process"
)

// Descendant is a Node.js program that another one has started, directly or
// through others: a worker of node:cluster, a fork.
type Descendant struct {
	PID int
	// Target is what [Attach] takes: its id, or the URL of an inspector that it
	// has open.
	Target string
}

// Descendants lists those of the process, by process id; none of a process that
// runs elsewhere.
func (p *Process) Descendants(ctx context.Context) ([]Descendant, error) {
	if p.hostPID() == 0 {
		return nil, nil
	}
	top, err := process.NewProcessWithContext(ctx, int32(p.hostPID()))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.op("list children of"), err)
	}
	var list []Descendant
	for queue := []*process.Process{top}; len(queue) > 0; queue = queue[1:] {
		children, err := queue[0].ChildrenWithContext(ctx)
		if err != nil {
			continue // it has none, or has ended
		}
		queue = append(queue, children...)
		for _, c := range children {
			exe, err := c.ExeWithContext(ctx)
			if err == nil && runtimeName(filepath.Base(strings.TrimSuffix(exe, " (deleted)"))) == "node" {
				list = append(list, Descendant{int(c.Pid), p.targetOf(ctx, int(c.Pid))})
			}
		}
	}
	slices.SortFunc(list, func(a, b Descendant) int { return cmp.Compare(a.PID, b.PID) })
	return list, nil
}

// inheritedTimeout is how long a process may take to open an inspector that it has
// been told to.
const inheritedTimeout = 10 * time.Second

// targetOf finds the URL of an inspector that a child has inherited from us: it
// was forked before we took our flags from what the program hands down. It may
// still be starting; asking it to open another would be in vain.
func (p *Process) targetOf(ctx context.Context, pid int) string {
	target := strconv.Itoa(pid)
	if p.child == nil {
		return target
	}
	c, err := examine(pid)
	inherits := err == nil && c.inspecting() && c.unpublished()
	ctx, cancel := context.WithTimeout(ctx, inheritedTimeout)
	defer cancel()
	for {
		sockets, _ := listeners(pid)
		urls, refused := p.child.stderr.forkedURLs()
		for _, address := range urls {
			u, err := url.Parse(address)
			if err == nil && slices.ContainsFunc(sockets, func(s socket) bool { return strconv.Itoa(s.Port) == u.Port() }) {
				return address
			}
		}
		if !inherits || slices.ContainsFunc(refused, func(at string) bool { return portOf(at) == c.port() }) || !exists(pid) || !pause(ctx) {
			return target
		}
	}
}
