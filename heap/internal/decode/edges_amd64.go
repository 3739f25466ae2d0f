package decode

// edgeColumns does groups of sixteen edges, up to the first with a bad one, and
// returns how many it did.
//
//go:noescape
func edgeColumns(target, name, rows *uint32, groups int, layout *edgeLayout) (done int)
