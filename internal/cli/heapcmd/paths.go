package heapcmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/devtools"
)

// pathsResult is heap paths --json.
type pathsResult struct {
	Paths []pathRow `json:"paths"`
	// Limits says which limit cut the search short.
	Limits struct {
		Depth    bool `json:"depth"`
		Nodes    bool `json:"nodes"`
		Siblings bool `json:"siblings"`
	} `json:"limits"`
	Note string `json:"note,omitempty"`
}

// pathRow is a step towards the roots: the object id holds the previous one
// through edge. A step without children is at a root.
type pathRow struct {
	Edge     terminal.Text `json:"edge"`
	EdgeType string        `json:"edgeType"`
	ID       uint64        `json:"id"`
	Name     terminal.Text `json:"name"`
	Distance int32         `json:"distance"`
	Children []pathRow     `json:"children"`
}

func newHeapPathsCommand(ui *terminal.UI) *cobra.Command {
	limits := devtools.DefaultPathLimits()
	var ignore []string
	cmd := &cobra.Command{
		Use:   "paths FILE ID",
		Short: "Show the ways from an object to the roots",
		Long: "Shows the retaining paths of one object: every way on which a root keeps it alive, the shortest first, up to\n" +
			"the limits. Weak references are left out.\n\n" + objectIDHelp,
		Example:     "plumb heap paths app.heapsnapshot 12345 --max-siblings 1",
		Args:        terminal.Takes("FILE", "ID"),
		Annotations: terminal.NoCSV,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withObject(ui, cmd, args, func(v *devtools.View, n heap.Node) error {
				r, err := retaining(cmd, v, args[0], ignore)
				if err != nil {
					return err
				}
				paths := r.Paths(n, limits)
				return ui.Print(terminal.Result{
					JSON: newPathsResult(v, n, paths),
					Text: func(w io.Writer) error { return writePaths(w, v, n, paths) },
				})
			})
		},
	}
	cmd.Flags().IntVar(&limits.Depth, "max-depth", limits.Depth, "longest path")
	cmd.Flags().IntVar(&limits.Nodes, "max-nodes", limits.Nodes, "objects to visit")
	cmd.Flags().IntVar(&limits.Siblings, "max-siblings", limits.Siblings, "retainers to follow of each object")
	cmd.Flags().StringSliceVar(&ignore, "ignore", nil, "ids of objects to take for absent")
	return cmd
}

func newPathsResult(v *devtools.View, n heap.Node, p devtools.Paths) pathsResult {
	out := pathsResult{Paths: newPathRows(v, p.Paths)}
	out.Limits.Depth, out.Limits.Nodes, out.Limits.Siblings = p.Reached.Depth, p.Reached.Nodes, p.Reached.Siblings
	if len(p.Paths) == 0 {
		out.Note = noPaths(v, n, p)
	}
	return out
}

func newPathRows(v *devtools.View, edges []devtools.PathEdge) []pathRow {
	s := v.Snapshot()
	rows := make([]pathRow, 0, len(edges))
	for _, e := range edges {
		rows = append(rows, pathRow{
			terminal.Text(s.EdgeName(e.Edge)), s.EdgeTypeName(e.Edge), s.ID(e.Node), terminal.Text(v.DisplayName(e.Node)),
			e.Distance, newPathRows(v, e.Children),
		})
	}
	return rows
}

func writePaths(w io.Writer, v *devtools.View, n heap.Node, p devtools.Paths) error {
	if len(p.Paths) == 0 {
		_, err := fmt.Fprintln(w, noPaths(v, n, p))
		return err
	}
	if _, err := fmt.Fprintln(w, terminal.Printable(objectLabel(v, n))); err != nil {
		return err
	}
	if err := writePathEdges(w, v, p.Paths, 1); err != nil {
		return err
	}
	if reached := reachedLimits(p); reached != "" {
		_, err := fmt.Fprintf(w, "There are more paths: stopped at %s.\n", reached)
		return err
	}
	return nil
}

func writePathEdges(w io.Writer, v *devtools.View, edges []devtools.PathEdge, level int) error {
	for _, e := range edges {
		_, err := fmt.Fprintf(w, "%s%s in %s\n", strings.Repeat("  ", level),
			terminal.Printable(v.Snapshot().EdgeName(e.Edge)), terminal.Printable(objectLabel(v, e.Node)))
		if err != nil {
			return err
		}
		if err := writePathEdges(w, v, e.Children, level+1); err != nil {
			return err
		}
	}
	return nil
}

// noPaths says why there is no path.
func noPaths(v *devtools.View, n heap.Node, p devtools.Paths) string {
	reached := reachedLimits(p)
	switch d := v.Snapshot().Distance(n); {
	case d < 0:
		return "No root reaches this object: it is garbage that V8 had not collected when the snapshot was taken."
	case d >= heap.SystemDistance:
		return "Only roots of the engine reach this object, none of the program's: see its retainers instead."
	case d <= 2:
		return "The object hangs on a root directly: there is nothing in between."
	case reached != "":
		return "No path to a root was found before the search stopped at " + reached + "."
	}
	return "No path leads to a root: what retains the object is ignored or beyond the program's own roots."
}

func reachedLimits(p devtools.Paths) string {
	var reached []string
	for _, limit := range []struct {
		hit  bool
		name string
	}{{p.Reached.Depth, "--max-depth"}, {p.Reached.Nodes, "--max-nodes"}, {p.Reached.Siblings, "--max-siblings"}} {
		if limit.hit {
			reached = append(reached, limit.name)
		}
	}
	return strings.Join(reached, ", ")
}
