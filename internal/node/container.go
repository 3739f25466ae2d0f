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

// lenSource counts without a call into the program: by V8's own getters. An array
// with holes has fewer elements than its length.
const lenSource = `function () {
  if (Array.isArray(this)) {
    const dense = [0, 0.3, 0.6, 0.9, 1].every((part) => this.length === 0 || Object.hasOwn(this, Math.floor(part * (this.length - 1))));
    return dense ? this.length : Object.keys(this).length;
  }
  for (const { prototype } of [Map, Set]) {
    try {
      return Object.getOwnPropertyDescriptor(prototype, 'size').get.call(this);
    } catch {}
  }
  return Object.keys(this).length;
}`

// Len is the number of its elements, entries or properties.
func (c *Container) Len(ctx context.Context) (int, error) {
	var n int
	err := c.thread.session.CallFunctionOn(ctx, c.object, lenSource, &n)
	return n, explain(c.thread.op("count members in"), err)
}

// Release lets go of it.
func (c *Container) Release(ctx context.Context) error {
	return explain(c.thread.op("let go of an object in"), c.thread.session.ReleaseObject(ctx, c.object))
}
