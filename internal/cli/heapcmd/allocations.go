package heapcmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/devtools"
)

// allocationRow is a function in heap allocations --json: what it allocated
// while allocations were recorded and how much of it is still alive, in bytes.
// Line and column count from 1; 0 is unknown.
type allocationRow struct {
	Number    int           `json:"number,omitempty"` // as DevTools counts them, see allocationNumbers
	Function  terminal.Text `json:"function"`
	Script    terminal.Text `json:"script"`
	ScriptID  int64         `json:"scriptId"`
	Line      int64         `json:"line"`
	Column    int64         `json:"column"`
	Count     uint64        `json:"count"`
	Size      uint64        `json:"size"`
	LiveCount uint64        `json:"liveCount"`
	LiveSize  uint64        `json:"liveSize"`
	// Callers is there for functions that have some.
	Callers *callersRow `json:"callers,omitempty"`
}

// callersRow holds the callers up to the first place where there are several.
type callersRow struct {
	Chain    []allocationRow `json:"chain"`
	Branches []allocationRow `json:"branches"`
}

// frameRow is a stack frame of heap allocations --id --json.
type frameRow struct {
	Function terminal.Text `json:"function"`
	Script   terminal.Text `json:"script"`
	ScriptID int64         `json:"scriptId"`
	Line     int64         `json:"line"`
	Column   int64         `json:"column"`
}

func newHeapAllocationsCommand(ui *terminal.UI) *cobra.Command {
	var (
		rows terminal.Listing
		id   string
	)
	cmd := &cobra.Command{
		Use:   "allocations FILE",
		Short: "Show which functions allocated what",
		Long: "Shows the functions that allocated while allocations were recorded, largest first, with their callers; with\n" +
			"--id, the stack that allocated one object.\n\n" + objectIDHelp,
		Example: "plumb heap allocations recording.heaptimeline\nplumb heap allocations recording.heaptimeline --id 12345",
		Args:    terminal.Takes("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withView(ui, cmd, args[0], func(v *devtools.View) error {
				p := v.Allocations()
				if id == "" {
					return printAllocations(ui, cmd, v.Snapshot(), p, rows)
				}
				n, err := findObject(v.Snapshot(), args[0], id)
				if err != nil {
					return err
				}
				return printStack(ui, v, n, p)
			})
		},
	}
	cmd.Flags().StringVar(&id, "id", "", "show the stack that allocated the object with this id")
	rows.Add(cmd, "size")
	return cmd
}

const noAllocations = "The snapshot has no allocation stacks: allocations were not tracked when it was taken."

func printAllocations(ui *terminal.UI, cmd *cobra.Command, s *heap.Snapshot, p *devtools.Allocations, rows terminal.Listing) error {
	t := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "number", Title: "No.", Kind: terminal.Number},
			{Key: "function", Title: "Function", Kind: terminal.Words},
			{Key: "count", Title: "Count", Kind: terminal.Count},
			{Key: "size", Title: "Size", Kind: terminal.Kilobytes},
			{Key: "liveCount", Title: "Live count", Kind: terminal.Count},
			{Key: "liveSize", Title: "Live size", Kind: terminal.Kilobytes},
			{Key: "script", Title: "Script", Kind: terminal.Words},
			{Key: "line", Title: "Line", Kind: terminal.Number},
			{Key: "column", Title: "Column", Kind: terminal.Number},
		},
		Empty: noAllocations,
	}
	var list struct {
		Rows []allocationRow `json:"rows"`
		Note string          `json:"note,omitempty"`
	}
	list.Rows = []allocationRow{}
	if p == nil {
		list.Note = noAllocations
		return ui.Print(terminal.Result{JSON: list, Table: t})
	}
	numbers := allocationNumbers(s, p)
	for _, top := range p.Tops() {
		row := newAllocationRow(s, top, numbers)
		t.Rows = append(t.Rows, []any{
			row.Number, string(row.Function), row.Count, row.Size, row.LiveCount, row.LiveSize,
			string(row.Script), row.Line, row.Column,
		})
		if top.HasCallers {
			row.Callers = newCallersRow(s, p.Root(top.Function).Callers(), numbers)
		}
		list.Rows = append(list.Rows, row)
	}
	if err := rows.Apply(ui, cmd, t, "functions"); err != nil {
		return err
	}
	return ui.Print(terminal.Result{JSON: list, Table: t})
}

func newCallersRow(s *heap.Snapshot, c devtools.Callers, numbers map[uint32]int) *callersRow {
	row := &callersRow{Chain: []allocationRow{}, Branches: []allocationRow{}}
	for _, caller := range c.Chain {
		row.Chain = append(row.Chain, newAllocationRow(s, caller.AllocatedBy, numbers))
	}
	for _, caller := range c.Branches {
		row.Branches = append(row.Branches, newAllocationRow(s, caller.AllocatedBy, numbers))
	}
	return row
}

// allocationNumbers numbers the functions that allocated anything from 1 in the
// order of the file, as DevTools does and as summary --alloc takes them.
func allocationNumbers(s *heap.Snapshot, p *devtools.Allocations) map[uint32]int {
	numbers := map[uint32]int{}
	for i := range uint32(len(s.TraceFunctions())) {
		if p.Root(i) != nil {
			numbers[i] = len(numbers) + 1
		}
	}
	return numbers
}

func newAllocationRow(s *heap.Snapshot, b devtools.AllocatedBy, numbers map[uint32]int) allocationRow {
	f := traceFunction(s, b.Function)
	return allocationRow{
		Number:   numbers[b.Function],
		Function: terminal.Text(f.Name), Script: terminal.Text(f.ScriptName), ScriptID: f.ScriptID, Line: f.Line, Column: f.Column,
		Count: b.Count, Size: b.Size, LiveCount: b.LiveCount, LiveSize: b.LiveSize,
	}
}

// traceFunction is the function at that position. A file can lack functions
// that its own stacks name: the capture allocated while it was counting them.
func traceFunction(s *heap.Snapshot, i uint32) heap.TraceFunction {
	if functions := s.TraceFunctions(); int(i) < len(functions) {
		return functions[i]
	}
	return heap.TraceFunction{Name: fmt.Sprintf("(function #%d, not in the file)", i)}
}

func printStack(ui *terminal.UI, v *devtools.View, n heap.Node, p *devtools.Allocations) error {
	var out struct {
		Frames []frameRow `json:"frames"`
		Note   string     `json:"note,omitempty"`
	}
	out.Frames = []frameRow{}
	s := v.Snapshot()
	t := &terminal.Table{Columns: []terminal.Column{
		{Key: "function", Title: "Function", Kind: terminal.Words},
		{Key: "script", Title: "Script", Kind: terminal.Words},
		{Key: "line", Title: "Line", Kind: terminal.Number},
		{Key: "column", Title: "Column", Kind: terminal.Number},
	}}
	var functions []uint32
	if p == nil {
		t.Empty = noAllocations
	} else {
		functions = p.Stack(s.TraceNodeID(n))
		t.Empty = "The object's allocation was not recorded: it is older than the recording, or V8 made it itself."
	}
	for _, i := range functions {
		f := traceFunction(s, i)
		t.Rows = append(t.Rows, []any{f.Name, f.ScriptName, f.Line, f.Column})
		out.Frames = append(out.Frames, frameRow{terminal.Text(f.Name), terminal.Text(f.ScriptName), f.ScriptID, f.Line, f.Column})
	}
	if len(functions) == 0 {
		out.Note = t.Empty
	}
	return ui.Print(terminal.Result{JSON: out, Table: t})
}
