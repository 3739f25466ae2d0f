package record

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/inspector"
	"github.com/plumb-dev/plumb/internal/lab"
)

// checkpoint takes a snapshot. V8 collects all garbage before it takes one, and
// numbers an object when a snapshot sees it first: so the snapshot comes before
// the question for the numbers, and what has a number but is in no snapshot any
// more is gone.
func (r *recorder) checkpoint(ctx context.Context, s *lab.Step) error {
	c := r.program.client
	// The agent's list and its handles would keep alive what is asked about.
	handles, err := r.handles(ctx)
	if err != nil {
		return err
	}
	// The inspector keeps the arguments of console.log for a debugger that asks.
	if err := c.Call(ctx, "Runtime.discardConsoleEntries", nil, nil); err != nil {
		return err
	}
	var text bytes.Buffer
	if err := c.TakeHeapSnapshot(ctx, &text, inspector.SnapshotOptions{}); err != nil {
		return err
	}
	numbers := map[int]uint64{}
	for i, object := range handles.objects {
		id, err := c.HeapObjectID(ctx, object)
		if err != nil {
			return err
		}
		number, _ := strconv.ParseUint(id, 10, 64)
		numbers[s.Objects[i].ID] = number
	}
	if err := handles.release(ctx); err != nil {
		return err
	}
	snapshot, err := heap.Read(ctx, &text, heap.Options{NoIndex: true})
	if err != nil {
		return err
	}
	defer snapshot.Close()
	s.Checkpoint, s.HeapUsed = true, snapshot.TotalSize()
	r.examine(s, snapshot, numbers)
	return nil
}

// handles are the objects of the last walk, by their names in the inspector.
type handles struct {
	r       *recorder
	objects []string
}

const group = "plumb-lab"

func (r *recorder) handles(ctx context.Context) (*handles, error) {
	var list struct {
		Result inspector.RemoteObject `json:"result"`
	}
	call := func(function string, out any) error {
		return r.program.client.Call(ctx, "Runtime.callFunctionOn", map[string]any{
			"objectId": r.agent, "functionDeclaration": function, "objectGroup": group, "silent": true,
		}, out)
	}
	if err := call("function () { const all = this.handles(); this.forget(); return all; }", &list); err != nil {
		return nil, err
	}
	var members struct {
		Result []struct {
			Name  string                 `json:"name"`
			Value inspector.RemoteObject `json:"value"`
		} `json:"result"`
	}
	err := r.program.client.Call(ctx, "Runtime.getProperties", map[string]any{"objectId": list.Result.ObjectID, "ownProperties": true}, &members)
	if err != nil {
		return nil, err
	}
	h := &handles{r: r}
	for _, m := range members.Result {
		if _, err := strconv.Atoi(m.Name); err == nil {
			h.objects = append(h.objects, m.Value.ObjectID)
		}
	}
	return h, r.program.client.ReleaseObject(ctx, list.Result.ObjectID)
}

func (h *handles) release(ctx context.Context) error {
	return h.r.program.client.Call(ctx, "Runtime.releaseObjectGroup", map[string]any{"objectGroup": group}, nil)
}

// examine writes into the step what the snapshot tells of its objects.
func (r *recorder) examine(s *lab.Step, snapshot *heap.Snapshot, numbers map[int]uint64) {
	for id, number := range numbers {
		k := r.objects[id]
		k.heapID = number
		r.objects[id] = k
	}
	byNumber := map[uint64]int{}
	for id, k := range r.objects {
		byNumber[k.heapID] = id
	}
	delete(byNumber, 0)
	var alive []lab.Object
	for _, o := range s.Objects {
		k := r.objects[o.ID]
		n, found := snapshot.NodeByID(k.heapID)
		switch {
		case k.heapID == 0 && o.OutOfSight: // no snapshot has seen it: it came and went between two
			s.Died = append(s.Died, lab.Death{Object: o.ID, Class: o.Class, Held: k.held})
			delete(r.objects, o.ID)
			continue
		case k.heapID != 0 && !found:
			d := lab.Death{Object: o.ID, Class: o.Class, Held: k.held}
			if k.object.Heap != nil {
				d.Shallow = k.object.Heap.Shallow
			}
			s.Died = append(s.Died, d)
			delete(r.objects, o.ID)
			continue
		case found:
			o.Heap = describe(snapshot, n, o.OutOfSight)
			o.Props = append(slices.Clone(o.Props), captured(snapshot, n, byNumber)...)
		}
		k.object = o
		r.objects[o.ID] = k
		alive = append(alive, o)
	}
	s.Objects = alive
	r.cut(s)
	look(s)
	markContexts(s)
	sizeStrings(s, snapshot)
}

// look brings into sight what variables reach through closures, which only the
// snapshot shows.
func look(s *lab.Step) {
	at := map[int]int{}
	for i, o := range s.Objects {
		at[o.ID] = i
	}
	var next []int
	seen := map[int]bool{0: true}
	reach := func(ref int) {
		if !seen[ref] {
			seen[ref] = true
			next = append(next, ref)
		}
	}
	for _, f := range s.Frames {
		for _, v := range f.Variables {
			reach(v.Value.Ref)
		}
	}
	for len(next) > 0 {
		o := &s.Objects[at[next[0]]]
		next = next[1:]
		o.OutOfSight = false
		for _, p := range o.Props {
			reach(p.Value.Ref)
		}
	}
}

// cut removes references to what is gone.
func (r *recorder) cut(s *lab.Step) {
	for i := range s.Objects {
		s.Objects[i].Props = slices.DeleteFunc(s.Objects[i].Props, func(p lab.Prop) bool {
			_, there := r.objects[p.Value.Ref]
			return p.Value.Ref != 0 && !there
		})
	}
}

func describe(s *heap.Snapshot, n heap.Node, held bool) *lab.Heap {
	h := &lab.Heap{
		ID: s.ID(n), Shallow: s.ShallowSize(n), Retained: s.RetainedSize(n),
		Bookkeeping: bookkeeping(s, n), Distance: s.Distance(n),
	}
	if held {
		for e, from := range s.Retainers(n) {
			if s.EdgeType(e) != heap.WeakEdge && len(h.Held) < 4 {
				h.Held = append(h.Held, fmt.Sprintf("%s in %s @%d", s.EdgeName(e), s.Name(from), s.ID(from)))
			}
		}
	}
	return h
}

// bookkeeping sums what V8 keeps for itself below n: shapes, code and feedback.
func bookkeeping(s *heap.Snapshot, n heap.Node) uint64 {
	var sum uint64
	stack := []heap.Node{n}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch s.Type(n) {
		case heap.Hidden, heap.Code, heap.ObjectShape:
			sum += s.ShallowSize(n)
		}
		stack = append(stack, s.Dominated(n)...)
	}
	return sum
}

// captured lists the variables in the contexts of a function that hold an object
// of the step.
func captured(s *heap.Snapshot, n heap.Node, byNumber map[uint64]int) []lab.Prop {
	if s.Type(n) != heap.Closure {
		return nil
	}
	var props []lab.Prop
	context, ok := internal(s, n, "context")
	for depth := 0; ok && depth < 8; depth++ {
		for e, end := s.Edges(context); e < end; e++ {
			if s.EdgeType(e) != heap.ContextEdge {
				continue
			}
			target := s.EdgeTarget(e)
			if id := byNumber[s.ID(target)]; id != 0 && target != n {
				props = append(props, lab.Prop{Name: s.EdgeName(e), Captured: true, Value: lab.Value{Type: "object", Ref: id}})
			}
		}
		context, ok = internal(s, context, "previous")
	}
	return props
}

func internal(s *heap.Snapshot, n heap.Node, name string) (heap.Node, bool) {
	for e, end := s.Edges(n); e < end; e++ {
		if s.EdgeType(e) == heap.InternalEdge && s.EdgeName(e) == name {
			return s.EdgeTarget(e), true
		}
	}
	return 0, false
}

// markContexts adds the variables of the running functions that a closure has
// captured: their name and their object are in its Context.
func markContexts(s *lab.Step) {
	type slot struct {
		name string
		ref  int
	}
	slots := map[slot]bool{}
	for _, o := range s.Objects {
		for _, p := range o.Props {
			if p.Captured {
				slots[slot{p.Name, p.Value.Ref}] = true
			}
		}
	}
	for i := range s.Frames {
		for j := range s.Frames[i].Variables {
			v := &s.Frames[i].Variables[j]
			v.Context = v.Context || v.Value.Ref != 0 && slots[slot{v.Name, v.Value.Ref}]
		}
	}
}
