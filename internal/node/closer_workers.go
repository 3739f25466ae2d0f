package node

import (
	"context"
	"slices"
	"strings"

	"github.com/shirou/gopsutil/v4/process"
)

// The primary of node:cluster hands SIGUSR1 on to its workers. They find the port
// taken as long as we are there; a worker that stands still then tries when we
// have gone. So each has a closer, which is not dismissed but left.

// workerVariable is in the environment of each worker of node:cluster.
const workerVariable = "NODE_UNIQUE_ID="

// startWorkerClosers starts a closer for each worker, none for a program that is no
// primary.
func (c *candidate) startWorkerClosers(ctx context.Context) (closers, error) {
	children, err := (&process.Process{Pid: int32(c.pid)}).ChildrenWithContext(ctx)
	if err != nil {
		return nil, nil // it has none
	}
	var list closers
	for _, child := range children {
		environ, err := child.EnvironWithContext(ctx)
		if err != nil || !slices.ContainsFunc(environ, func(v string) bool { return strings.HasPrefix(v, workerVariable) }) {
			continue
		}
		worker, err := examine(int(child.Pid))
		if err != nil {
			continue // it has ended
		}
		one, err := worker.startCloser(worker.inspectorSockets(), workerPatience)
		if err != nil {
			list.dismiss()
			return nil, err
		}
		one.endOthers(ctx, worker.pid)
		list = append(list, one)
	}
	return list, nil
}

// closers are those of the workers.
type closers []*closer

func (list closers) leave() {
	for _, one := range list {
		one.leave()
	}
}

func (list closers) dismiss() {
	for _, one := range list {
		one.dismiss()
	}
}
