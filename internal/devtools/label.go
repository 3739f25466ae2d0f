package devtools

import "github.com/plumb-dev/plumb/heap"

// Label is the display name of n decorated by its type, as the grids do it: strings
// in quotes, regular expressions in slashes, functions with (), arrays with [].
func (v *View) Label(n heap.Node) string {
	name := v.DisplayName(n)
	switch v.snap.Type(n) {
	case heap.String, heap.ConcatenatedString:
		return `"` + name + `"`
	case heap.RegExp:
		return "/" + name + "/"
	case heap.Closure:
		return name + "()"
	case heap.Array:
		if name == "" {
			name = "(internal array)"
		}
		return name + "[]"
	}
	return name
}
