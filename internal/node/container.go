package node

import "context"

// Container is an object of a thread that has members. It lives as long as it is
// not released.
type Container struct {
	thread *Thread
	object string
}

// Container finds an object by its id in a snapshot that was captured through
// this connection, as long as no debugger has left the program since.
func (t *Thread) Container(ctx context.Context, id uint64) (*Container, error) {
	object, err := t.session.HeapObject(ctx, id)
	if err != nil {
		return nil, explain(t.op("find an object in"), err)
	}
	return &Container{t, object.ObjectID}, nil
}

// Members are what a container has.
type Members struct {
	Count int    `json:"count"` // elements, entries or properties
	Type  string `json:"type"`  // typeof the last element of an array, "" of all else
}

// membersSource counts without a call into the program: by V8's own getters. An
// array with holes has fewer elements than its length.
const membersSource = `function () {
  if (Array.isArray(this)) {
    const last = this.length - 1;
    const dense = [0, 0.3, 0.6, 0.9, 1].every((part) => last < 0 || Object.hasOwn(this, Math.floor(part * last)));
    return { count: dense ? this.length : Object.keys(this).length, type: typeof this[last] };
  }
  for (const { prototype } of [Map, Set]) {
    try {
      return { count: Object.getOwnPropertyDescriptor(prototype, 'size').get.call(this), type: '' };
    } catch {}
  }
  return { count: Object.keys(this).length, type: '' };
}`

// Members counts them.
func (c *Container) Members(ctx context.Context) (Members, error) {
	var m Members
	err := c.thread.session.CallFunctionOn(ctx, c.object, membersSource, &m)
	return m, explain(c.thread.op("count members in"), err)
}

// Release lets go of it.
func (c *Container) Release(ctx context.Context) error {
	return explain(c.thread.op("let go of an object in"), c.thread.session.ReleaseObject(ctx, c.object))
}
