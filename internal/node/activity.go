package node

import "context"

// idleExpression counts the HTTP requests that wait for the end of their
// answer: a server's socket knows the response that is being written to it.
const idleExpression = `(() => {
  const handles = process._getActiveHandles ? process._getActiveHandles() : [];
  return handles.filter((h) => h && h._httpMessage && !h._httpMessage.writableFinished).length === 0;
})()`

// Idle tells whether the program answers no HTTP request at the moment. Other
// work (queues, timers) is not seen.
func (p *Process) Idle(ctx context.Context) (bool, error) {
	var idle bool
	err := p.Evaluate(ctx, idleExpression, &idle)
	return idle, err
}
