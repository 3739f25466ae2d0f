package cli

import "github.com/plumb-dev/plumb/internal/testheap"

// fixtures are the snapshots that scripts write by name.
var fixtures = map[string]func() *testheap.Builder{
	"tiny":  tiny,
	"edges": edges,

	"before": before,
	"after":  after,
}

// tiny is a list of two entries, held by a variable of the global object.
func tiny() *testheap.Builder {
	b := testheap.New()
	root := b.Node("synthetic", "", 0)
	global := b.Node("object", "global", 16)
	list := b.Node("object", "Array", 32)
	b.Edge(root, "shortcut", "global", global)
	b.Edge(global, "property", "list", list)
	for i := range 2 {
		entry := b.Node("object", "Entry", 100)
		b.Element(list, i, entry)
	}
	return b
}
