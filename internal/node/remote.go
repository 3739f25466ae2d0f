package node

import (
	"context"

	"github.com/plumb-dev/plumb/internal/inspector"
)

// Remote is an object of ours inside a thread. The program cannot reach it.
type Remote struct {
	thread *Thread
	id     string
}

// Place evaluates an expression, whose value is an object, and keeps that object
// as long as the connection lives. What the object started (timers, observers)
// outlives the connection: it has to end by itself. It is evaluated as [Thread.Run]
// does.
func (t *Thread) Place(ctx context.Context, expression string) (*Remote, error) {
	result, err := t.session.EvaluateRemote(ctx, inspector.Evaluation{Expression: expression, ByReference: true, Microtask: true})
	if err != nil {
		return nil, explain(t.op("evaluate in"), err)
	}
	return &Remote{t, result.ObjectID}, nil
}

// Call calls a function that only reads, given as source text, with the object as
// its this, and decodes its value, which must be JSON, into out unless that is nil.
func (r *Remote) Call(ctx context.Context, function string, out any) error {
	return explain(r.thread.op("evaluate in"), r.thread.session.CallFunctionOn(ctx, r.id, function, out))
}

// Builtin is JavaScript: a function from the name of a module of Node.js to the
// module, for expressions to evaluate.
const Builtin = builtin

// Later is JavaScript: a function that runs another one as soon as what the thread
// does now is through, for a [Remote.Call] that starts or ends something.
const Later = later
