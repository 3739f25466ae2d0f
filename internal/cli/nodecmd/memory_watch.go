package nodecmd

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/plumb-dev/plumb/internal/cli/program"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/node"
)

// memoryRow is one row of a watch: the memory, and the garbage collections since
// the row before; nil in the first, and where the program does not tell of them.
type memoryRow struct {
	memorySample
	GC *node.Collections `json:"gc,omitempty"`
}

// watchMemory prints a row at a time, until it is interrupted or the program
// ends.
func watchMemory(ctx context.Context, ui *terminal.UI, p *node.Process, t *node.Thread, every time.Duration) error {
	gc, err := t.WatchGC(ctx)
	switch {
	case err == nil:
		defer func() { _ = gc.Stop(context.WithoutCancel(ctx)) }() // else it ends by itself
	case errors.Is(err, node.ErrUnsupported):
		ui.Note("%v", err)
	default:
		return watchEnds(ctx, ui, p, err)
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for first := true; ; first = false {
		row, err := readMemoryRow(ctx, p, t, gc, first)
		if err != nil {
			return watchEnds(ctx, ui, p, err)
		}
		if err := printMemoryRow(ui, ui.Out, row, first); err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-p.Done():
		case <-ctx.Done():
			return nil
		}
	}
}

func readMemoryRow(ctx context.Context, p *node.Process, t *node.Thread, gc *node.GCWatch, first bool) (row memoryRow, err error) {
	m, err := t.Memory(ctx)
	if err != nil {
		return row, err
	}
	row.memorySample = memorySample{PID: p.Info().PID, Time: time.Now().UTC(), Memory: m}
	if gc == nil {
		return row, nil
	}
	c, err := gc.Read(ctx)
	if err == nil && !first { // the first begins the span
		row.GC = &c
	}
	return row, err
}

// watchEnds says why a watch cannot go on. Ctrl-C and the end of the program are
// how it ends.
func watchEnds(ctx context.Context, ui *terminal.UI, p *node.Process, err error) error {
	switch {
	case ctx.Err() != nil:
		return nil
	case errors.Is(err, node.ErrGone):
		if p.Runs(ctx) {
			return program.InspectorClosed("watch memory", p)
		}
		ui.Note("%s has ended", program.Name(p))
		return nil
	default:
		return err
	}
}

func printMemoryRow(ui *terminal.UI, w io.Writer, row memoryRow, first bool) error {
	switch {
	case ui.JSON:
		return terminal.WriteJSON(w, row)
	case ui.CSV:
		out := csv.NewWriter(w)
		names, values := row.fields()
		if first {
			_ = out.Write(names) // Error tells
		}
		_ = out.Write(values)
		out.Flush()
		return out.Error()
	}
	lines := memoryLine(ui, row)
	if first {
		lines = memoryHead(ui) + lines
	}
	_, err := io.WriteString(w, lines)
	return err
}

// fields are a row's columns in CSV, times in milliseconds.
func (row *memoryRow) fields() (names, values []string) {
	add := func(name, value string) { names, values = append(names, name), append(values, value) }
	add("time", row.Time.Format(time.RFC3339Nano))
	for _, f := range figures(row.Memory) {
		add(f.name, terminal.Plain(f.cell()))
	}
	c := cmp.Or(row.GC, &node.Collections{})
	number := func(name string, v float64) {
		if row.GC == nil {
			add(name, "")
			return
		}
		add(name, strconv.FormatFloat(v, 'f', -1, 64))
	}
	number("span", c.Span)
	for _, kind := range []struct {
		name string
		node.Pauses
	}{{"minor", c.Minor}, {"major", c.Major}, {"incremental", c.Incremental}, {"weak", c.Weak}} {
		number(kind.name, float64(kind.Count))
		number(kind.name+"Total", kind.Total)
		number(kind.name+"Longest", kind.Longest)
	}
	return names, values
}

// memoryWidth is the width of a figure in a row: two lines of head and short
// cells fit memory and collections into 80 columns.
func memoryWidth(ui *terminal.UI) int {
	if ui.Bytes {
		return len("999,999,999,999 B")
	}
	return len("999.9 MB")
}

func memoryHead(ui *terminal.UI) string {
	var lines [2]strings.Builder
	fmt.Fprintf(&lines[0], "%8s", "")
	fmt.Fprintf(&lines[1], "%-8s", "Time")
	for _, name := range [][2]string{{"", "rss"}, {"heap", "Total"}, {"heap", "Used"}, {"", "external"}, {"array", "Buffers"}} {
		for i := range lines {
			fmt.Fprintf(&lines[i], " %*s", memoryWidth(ui), name[i])
		}
	}
	return lines[0].String() + "   minor GC  major GC\n" + lines[1].String() + "    n    ms   n    ms in GC\n"
}

// memoryLine is a row for people. What comes before and after a major collection
// counts as a part of it.
func memoryLine(ui *terminal.UI, row memoryRow) string {
	line := row.Time.Local().Format(time.TimeOnly)
	for _, f := range figures(row.Memory) {
		text := "n/a"
		if f.cell() != nil {
			text = ui.Size(int64(f.bytes))
		}
		line += fmt.Sprintf(" %*s", memoryWidth(ui), text)
	}
	if c := row.GC; c != nil {
		full := c.Full()
		line += fmt.Sprintf(" %4d %5s %3d %5s %5s", c.Minor.Count, pause(c.Minor), full.Count, pause(full), timeShare(c.Share()))
	}
	return line + "\n"
}

// pause is a time in milliseconds, nothing when there was none.
func pause(p node.Pauses) string {
	switch {
	case p.Total == 0:
		return ""
	case p.Total < 99.95:
		return strconv.FormatFloat(p.Total, 'f', 1, 64)
	default:
		return strconv.FormatFloat(p.Total, 'f', 0, 64)
	}
}

// timeShare is a part of the time in percent.
func timeShare(part float64) string {
	if part < 0.0995 {
		return strconv.FormatFloat(100*part, 'f', 1, 64) + "%"
	}
	return strconv.FormatFloat(100*part, 'f', 0, 64) + "%"
}
