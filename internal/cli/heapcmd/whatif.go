package heapcmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/leak"
)

// newHeapWhatIfCommand says what would be freed if objects or references went.
func newHeapWhatIfCommand(ui *terminal.UI) *cobra.Command {
	var references []string
	cmd := &cobra.Command{
		Use:   "whatif FILE [ID...]",
		Short: "Say exactly what would be freed if some objects or references went",
		Long: "Counts what the program reaches now and would not reach without the given objects and references. That is\n" +
			"not the sum of retained sizes: two objects can keep a third one alive together. A reference is ID.NAME: the\n" +
			"property, variable or element NAME of the object ID.\n\n" + objectIDHelp,
		Example: "plumb heap whatif app.heapsnapshot 12345\n" +
			"plumb heap whatif app.heapsnapshot --reference 12345.cache --reference 12345.queue",
		Args: terminal.Takes("FILE", "[ID...]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return whatIf(ui, cmd, args[0], args[1:], references)
		},
	}
	cmd.Flags().StringArrayVar(&references, "reference", nil, "drop the reference ID.NAME (again for more)")
	return cmd
}

func whatIf(ui *terminal.UI, cmd *cobra.Command, path string, ids, references []string) error {
	if len(ids)+len(references) == 0 {
		return terminal.UsageError(cmd, "%s needs an ID or a --reference", cmd.CommandPath())
	}
	s, err := OpenSnapshot(ui, cmd, path)
	if err != nil {
		return err
	}
	defer s.Close()
	var nodes []heap.Node
	for _, id := range ids {
		n, err := findObject(s, path, id)
		if err != nil {
			return err
		}
		if n == s.Root() {
			return terminal.WithHint(fmt.Errorf("drop object %s of %s: it is the root", id, path), "everything lives by the root; name an object below it")
		}
		nodes = append(nodes, n)
	}
	var edges []heap.Edge
	for _, reference := range references {
		found, err := findReferences(s, path, reference)
		if err != nil {
			return err
		}
		edges = append(edges, found...)
	}
	freed, err := leak.WhatIf(cmd.Context(), s, nodes, edges)
	if err != nil {
		return fmt.Errorf("compute what would be freed: %w", err)
	}
	t := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "name", Title: "Class"},
			{Key: "objects", Title: "Objects", Kind: terminal.Count},
			{Key: "bytes", Title: "Size", Kind: terminal.Size},
		},
		Empty: "Nothing would be freed: other references keep all of it alive.",
		Verdict: fmt.Sprintf("%s objects with %s would be freed, of %s in the snapshot.",
			terminal.Thousands(int64(freed.Objects)), ui.Size(int64(freed.Bytes)), ui.Size(int64(s.TotalSize()))),
	}
	for _, c := range freed.Classes {
		t.Rows = append(t.Rows, []any{c.Name, int64(c.Objects), int64(c.Bytes)})
	}
	return ui.Print(terminal.Result{Table: t, JSON: freed})
}

// findReferences finds the references that ID.NAME means: as a rule one, or
// two where an accessor has the same name.
func findReferences(s *heap.Snapshot, path, reference string) ([]heap.Edge, error) {
	id, name, ok := strings.Cut(reference, ".")
	if !ok {
		return nil, terminal.WithHint(fmt.Errorf("find reference: %q is not ID.NAME", reference), "for example 12345.cache; see plumb heap containment %s ID", path)
	}
	n, err := findObject(s, path, id)
	if err != nil {
		return nil, err
	}
	var edges []heap.Edge
	for e, end := s.Edges(n); e < end; e++ {
		if s.EdgeName(e) == name && s.EdgeType(e) != heap.WeakEdge {
			edges = append(edges, e)
		}
	}
	if edges == nil {
		return nil, terminal.WithHint(fmt.Errorf("find reference: object %s of %s has no reference %q", id, path, name), "see plumb heap containment %s %s", path, id)
	}
	return edges, nil
}
