package cli

import "github.com/plumb-dev/plumb/internal/testheap"

// before and after are two snapshots of a server that keeps the headers of
// every request in an array: no request and three of them.
func before() *testheap.Builder { return server(0) }
func after() *testheap.Builder  { return server(3) }

func server(requests int) *testheap.Builder {
	b := testheap.New()
	b.Header["extra_native_bytes"] = 500
	root := b.Node("synthetic", "", 0)
	global := b.Node("object", "global", 16)
	b.Edge(root, "shortcut", "global", global)
	headers := b.Node("object", "Array", 32)
	b.Edge(global, "property", "headersArray", headers)
	elements := b.Node("array", "", 800)
	b.Edge(headers, "internal", "elements", elements)
	b.Edge(global, "property", "serve", b.Node("closure", "serve", 64))
	b.Edge(global, "internal", "map", b.Node("hidden", "system / Map", 80))
	session := b.Node("object", "Session", 24)
	b.Location(session, 7, 10, 4)
	b.Edge(global, "property", "session", session)
	other := b.Node("object", "Session", 24)
	b.Location(other, 9, 1, 0)
	b.Edge(session, "property", "other", other)
	// A socket of the first snapshot that is gone in the second.
	socket := b.Node("native", "Socket", 120)
	b.Edge(session, "property", "socket", socket)
	b.Set(socket, "id", 1000+2*requests)
	for i := range requests {
		request := b.Node("object", "Object", 28)
		agent := b.Node("string", "curl/8.5", 20)
		b.Element(elements, i, request)
		b.Edge(request, "property", "userAgent", agent)
	}
	return b
}
