package heapcmd

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/devtools"
)

// withView opens the snapshot at path, classifies it and lends it to use.
func withView(ui *terminal.UI, cmd *cobra.Command, path string, use func(*devtools.View) error) error {
	s, err := OpenSnapshot(ui, cmd, path)
	if err != nil {
		return err
	}
	defer s.Close()
	v, err := devtools.New(cmd.Context(), s)
	if err != nil {
		return err
	}
	return use(v)
}

// withObject is withView for commands about one object of FILE.
func withObject(ui *terminal.UI, cmd *cobra.Command, args []string, use func(*devtools.View, heap.Node) error) error {
	return withView(ui, cmd, args[0], func(v *devtools.View) error {
		n, err := findObject(v.Snapshot(), args[0], args[1])
		if err != nil {
			return err
		}
		return use(v, n)
	})
}

// objectIDHelp explains the argument ID.
const objectIDHelp = "ID is the number that DevTools shows after @, or # and the position in the file (#0 is the first node)."

// findObject finds the node that the argument ID means.
func findObject(s *heap.Snapshot, path, arg string) (heap.Node, error) {
	if position, ok := strings.CutPrefix(arg, "#"); ok {
		i, err := strconv.ParseUint(position, 10, 32)
		if err != nil || i >= uint64(s.NodeCount()) {
			return 0, terminal.WithHint(fmt.Errorf("find object: %s has no node %s", path, arg),
				"positions go from #0 to #%d", s.NodeCount()-1)
		}
		return heap.Node(i), nil
	}
	id, err := strconv.ParseUint(strings.TrimPrefix(arg, "@"), 10, 64)
	if err != nil {
		return 0, terminal.WithHint(fmt.Errorf("find object: %q is not an object id", arg), "%s", objectIDHelp)
	}
	n, ok := s.NodeByID(id)
	if !ok {
		return 0, terminal.WithHint(fmt.Errorf("find object: %s has no object with id %d", path, id),
			"ids hold within one process: take one from this file, for example with plumb heap search %s TEXT", path)
	}
	return n, nil
}

// objectLabel is the name of n with its id, decorated by type as in DevTools.
func objectLabel(v *devtools.View, n heap.Node) string {
	return strings.TrimLeft(fmt.Sprintf("%s @%d", v.Label(n), v.Snapshot().ID(n)), " ")
}

// objectRow is an object in JSON. Sizes are bytes; a distance below 0 is
// unreachable, from 100000000 on only the system reaches it.
type objectRow struct {
	ID       uint64        `json:"id"`
	Name     terminal.Text `json:"name"`
	Type     string        `json:"type"`
	Distance int32         `json:"distance"`
	Shallow  uint64        `json:"shallow"`
	Retained uint64        `json:"retained"`
}

func newObjectRow(v *devtools.View, n heap.Node) objectRow {
	s := v.Snapshot()
	return objectRow{s.ID(n), terminal.Text(v.DisplayName(n)), s.TypeName(n), s.Distance(n), s.ShallowSize(n), s.RetainedSize(n)}
}

// objectColumns are the columns of a table of objects; objectCells fills them.
// The label is what DevTools shows.
func objectColumns() []terminal.Column {
	return []terminal.Column{
		{Key: "id", Kind: terminal.Number},
		{Key: "name", Kind: terminal.Words},
		{Key: "label", Title: "Object", Kind: terminal.Words},
		{Key: "type", Title: "Type", Kind: terminal.Words},
		{Key: "distance", Title: "Distance", Kind: terminal.Distance},
		{Key: "shallow", Title: "Shallow Size", Kind: terminal.Kilobytes},
		{Key: "retained", Title: "Retained Size", Kind: terminal.Kilobytes},
	}
}

func objectCells(v *devtools.View, n heap.Node) []any {
	s := v.Snapshot()
	return []any{
		s.ID(n), v.DisplayName(n), objectLabel(v, n), s.TypeName(n),
		s.Distance(n), s.ShallowSize(n), s.RetainedSize(n),
	}
}
