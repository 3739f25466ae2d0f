package node

import (
	"context"

	"github.com/plumb-dev/plumb/internal/inspector"
)

// Witness is an object of ours in a thread that shows how V8 numbers the thread's
// objects. The numbers stay as long as no debugger disconnects, whoever that is:
// then V8 forgets them and begins anew, and snapshots taken before and after
// cannot be compared. It lives until we leave.
type Witness struct {
	thread *Thread
	object string
}

// Witness makes one.
func (t *Thread) Witness(ctx context.Context) (*Witness, error) {
	result, err := t.session.EvaluateRemote(ctx, inspector.Evaluation{Expression: "({})", ByReference: true})
	if err != nil {
		return nil, explain(t.op("number the objects of"), err)
	}
	return &Witness{t, result.ObjectID}, nil
}

// ID is its id in snapshots, "0" when there was none since V8 forgot them.
func (w *Witness) ID(ctx context.Context) (string, error) {
	id, err := w.thread.session.HeapObjectID(ctx, w.object)
	return id, explain(w.thread.op("number the objects of"), err)
}
