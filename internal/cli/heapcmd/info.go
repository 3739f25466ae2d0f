package heapcmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// infoResult is heap info --json: what the file is made of.
type infoResult struct {
	Nodes     int `json:"nodes"`
	Edges     int `json:"edges"`
	Strings   int `json:"strings"`
	RootIndex int `json:"rootIndex"`
	// TotalSize is the retained size of the root and the extra native bytes.
	TotalSize        uint64  `json:"totalSize"`
	ExtraNativeBytes *uint64 `json:"extraNativeBytes"` // null when the header has no such field

	NodeFields          []string `json:"nodeFields"`
	NodeTypes           []string `json:"nodeTypes"`
	EdgeFields          []string `json:"edgeFields"`
	EdgeTypes           []string `json:"edgeTypes"`
	LocationFields      []string `json:"locationFields"`
	SampleFields        []string `json:"sampleFields"`
	TraceFunctionFields []string `json:"traceFunctionFields"`
	TraceNodeFields     []string `json:"traceNodeFields"`
	ScopeFields         []string `json:"scopeFields"`

	Locations      int  `json:"locations"` // nodes that have one
	Samples        int  `json:"samples"`
	TraceFunctions int  `json:"traceFunctions"`
	TraceNodes     int  `json:"traceNodes"`
	HasScopes      bool `json:"hasScopes"`
	Scopes         int  `json:"scopes"`
	// Unreachable nodes have no distance: no root leads to them.
	Unreachable     int    `json:"unreachableNodes"`
	UnreachableSize uint64 `json:"unreachableSize"`

	Warnings []string `json:"warnings"`
}

func newHeapInfoCommand(ui *terminal.UI) *cobra.Command {
	return &cobra.Command{
		Use:         "info FILE",
		Short:       "Show what a snapshot file is made of",
		Long:        "Shows the format of a snapshot, how much is in it and what was odd when it was read.",
		Example:     "plumb heap info app.heapsnapshot",
		Args:        terminal.Takes("FILE"),
		Annotations: terminal.NoCSV,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := OpenSnapshot(ui, cmd, args[0])
			if err != nil {
				return err
			}
			defer s.Close()
			info := newInfo(s)
			return ui.Print(terminal.Result{JSON: info, Text: func(w io.Writer) error { return writeInfo(ui, w, info) }})
		},
	}
}

func newInfo(s *heap.Snapshot) infoResult {
	m := s.Meta()
	info := infoResult{
		Nodes: s.NodeCount(), Edges: s.EdgeCount(), Strings: s.StringCount(), RootIndex: m.RootIndex,
		TotalSize:  s.TotalSize(),
		NodeFields: list(m.NodeFields), NodeTypes: list(m.NodeTypes),
		EdgeFields: list(m.EdgeFields), EdgeTypes: list(m.EdgeTypes),
		LocationFields: list(m.LocationFields), SampleFields: list(m.SampleFields),
		TraceFunctionFields: list(m.TraceFunctionFields), TraceNodeFields: list(m.TraceNodeFields),
		ScopeFields: list(m.ScopeFields),
		Samples:     len(s.Samples()), TraceFunctions: len(s.TraceFunctions()), TraceNodes: len(s.TraceTree()),
		Warnings: list(s.Warnings()),
	}
	if m.HasExtraNativeBytes {
		info.ExtraNativeBytes = &m.ExtraNativeBytes
	}
	if scopes := s.Scopes(); scopes != nil {
		info.HasScopes = true
		if len(m.ScopeFields) > 0 {
			info.Scopes = len(scopes.Scopes) / len(m.ScopeFields)
		}
	}
	for i := range s.NodeCount() {
		n := heap.Node(i)
		if _, ok := s.Location(n); ok {
			info.Locations++
		}
		if s.Distance(n) == heap.NoDistance {
			info.Unreachable++
			info.UnreachableSize += s.ShallowSize(n)
		}
	}
	return info
}

// list is never null in JSON.
func list(s []string) []string { return append([]string{}, s...) }

func writeInfo(ui *terminal.UI, w io.Writer, info infoResult) error {
	extra, scopes := "not in the header", "not in the file"
	if info.ExtraNativeBytes != nil {
		extra = ui.Size(int64(*info.ExtraNativeBytes))
	}
	if info.HasScopes {
		scopes = terminal.Thousands(int64(info.Scopes))
	}
	lines := [][2]string{
		{"nodes", terminal.Thousands(int64(info.Nodes))},
		{"edges", terminal.Thousands(int64(info.Edges))},
		{"strings", terminal.Thousands(int64(info.Strings))},
		{"total size", ui.Size(int64(info.TotalSize))},
		{"extra native bytes", extra},
		{"node fields", strings.Join(info.NodeFields, ", ")},
		{"node types", strings.Join(info.NodeTypes, ", ")},
		{"edge fields", strings.Join(info.EdgeFields, ", ")},
		{"edge types", strings.Join(info.EdgeTypes, ", ")},
		{"locations", terminal.Thousands(int64(info.Locations)) + " nodes (" + strings.Join(info.LocationFields, ", ") + ")"},
		{"samples", terminal.Thousands(int64(info.Samples))},
		{"allocation stacks", fmt.Sprintf("%s functions, %s places", terminal.Thousands(int64(info.TraceFunctions)), terminal.Thousands(int64(info.TraceNodes)))},
		{"scopes", scopes},
		{"unreachable", fmt.Sprintf("%s nodes, %s: no root leads to them", terminal.Thousands(int64(info.Unreachable)), ui.Size(int64(info.UnreachableSize)))},
	}
	for _, warning := range info.Warnings {
		lines = append(lines, [2]string{"warning", warning})
	}
	for _, l := range lines {
		if _, err := fmt.Fprintf(w, "%-20s%s\n", l[0], terminal.Printable(l[1])); err != nil {
			return err
		}
	}
	return nil
}
