package profile

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// WriteCollapsed writes a line per stack: its functions from the outermost on,
// semicolons between them, and the bytes that it allocated. flamegraph.pl,
// inferno and speedscope read it.
func (p *Profile) WriteCollapsed(w io.Writer) error {
	out := bufio.NewWriter(w)
	var visit func(n *Node, stack string)
	visit = func(n *Node, stack string) {
		if n.self() > 0 {
			if stack == "" {
				stack = n.CallFrame.Name()
			}
			fmt.Fprintf(out, "%s %d\n", stack, n.self())
		}
		for i := range n.Children {
			c := &n.Children[i]
			name := inStack(c.CallFrame)
			if stack != "" {
				name = stack + ";" + name
			}
			visit(c, name)
		}
	}
	visit(&p.Head, "")
	return out.Flush()
}

// inStack names a function so that one line still is one stack.
func inStack(f CallFrame) string {
	name := f.Name()
	if at := f.Place(); at != "" {
		name += " (" + at + ")"
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == ';':
			return ':'
		case r < ' ' || r == 0x7f:
			return ' '
		default:
			return r
		}
	}, name)
}
