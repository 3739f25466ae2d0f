package testheap

// Queue is a snapshot of a program whose variable queue has n objects of the class Job; now
// tells the snapshots of one process apart.
func Queue(n, now int) *Builder {
	b := New()
	root, global := b.Node("synthetic", "", 0), b.Node("object", "global", 16)
	b.Edge(root, "shortcut", "global", global)
	script, shared := b.Node("code", "/srv/app.js", 16), b.Node("code", "(shared function info)", 16)
	b.Edge(shared, "internal", "script", script)
	scope, handler := b.Node("object", "system / Context", 16), b.Node("closure", "handle", 16)
	b.Edge(handler, "internal", "shared", shared)
	b.Edge(handler, "internal", "context", scope)
	b.Location(handler, 7, 9, 0)
	b.Edge(global, "property", "handle", handler)
	list := b.Node("object", "Array", 16)
	b.Edge(scope, "context", "queue", list)
	date := b.Node("object", "Date", 16)
	b.Set(date, "id", 1_000_001+2*now)
	b.Edge(global, "property", "now", date)
	for i := range n {
		job := b.Node("object", "Job", 100)
		b.Element(list, i, job)
	}
	return b
}
