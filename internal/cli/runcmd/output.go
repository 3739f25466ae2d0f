package runcmd

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"sync"

	"github.com/charmbracelet/x/ansi"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/supervise"
)

// runOutput is what plumb run shows: the output of the programs as it is, or
// behind their names where there are several, and what happens to them.
type runOutput struct {
	ui    *terminal.UI
	alone bool // one program with one instance
	width int  // of the longest name
	logs  *logs
	files *logFiles // nil for none

	mu sync.Mutex // of a line
}

func newRunOutput(ui *terminal.UI, apps []supervise.App) *runOutput {
	o := &runOutput{ui: ui, alone: len(apps) == 1 && apps[0].Instances == 1, logs: newLogs(apps)}
	for _, app := range apps {
		o.width = max(o.width, len(o.name(app.Name, app.Instances-1)))
	}
	return o
}

// name is how an instance is called.
func (o *runOutput) name(app string, instance int) string {
	if o.alone {
		return app
	}
	return app + "-" + strconv.Itoa(instance)
}

// writers are where an instance writes.
func (o *runOutput) writers(app string, instance int) (stdout, stderr io.Writer) {
	return o.writer(app, instance, "out", o.ui.Out), o.writer(app, instance, "err", o.ui.Err)
}

func (o *runOutput) writer(app string, instance int, stream string, out io.Writer) io.Writer {
	shown := o.direct(app, stream, out)
	if !o.alone {
		shown = &prefixWriter{o: o, app: app, out: out, prefix: fmt.Sprintf("%-*s | ", o.width, o.name(app, instance))}
	}
	files := o.files.writers(app, instance, stream)
	if len(files) == 0 {
		return shown
	}
	all := several{shown}
	for _, file := range files {
		all = append(all, file)
	}
	return all
}

// direct passes the output of the only program on as it is. A terminal is the
// program's own: what it writes there is not among its logs. (Its standard error is
// read by us in any case.)
func (o *runOutput) direct(app, stream string, w io.Writer) io.Writer {
	if stream == "out" && terminal.IsTerminal(w) {
		return w
	}
	return &logWriter{out: w, logs: o.logs, app: app}
}

// prefixWriter writes whole lines, each behind a name.
type prefixWriter struct {
	o      *runOutput
	app    string
	out    io.Writer
	prefix string
	held   []byte
}

// longestLine is what is held back of a line that has no end.
const longestLine = 64 << 10

func (w *prefixWriter) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		line, rest, whole := bytes.Cut(p, []byte("\n"))
		w.held = append(w.held, line...)
		p = rest
		if whole || len(w.held) > longestLine {
			if err := w.flush(); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

func (w *prefixWriter) flush() error {
	w.o.mu.Lock()
	defer w.o.mu.Unlock()
	text := append([]byte(w.prefix), w.held...)
	text = append(text, '\n')
	w.held = w.held[:0]
	w.o.logs.add(w.app, text)
	_, err := w.out.Write(text)
	return err
}

// Close writes what is held.
func (w *prefixWriter) Close() error {
	if len(w.held) == 0 {
		return nil
	}
	return w.flush()
}

// event shows what has happened, as a line of words or of JSON.
func (o *runOutput) event(e supervise.Event) {
	if o.ui.JSON {
		o.mu.Lock()
		defer o.mu.Unlock()
		_ = terminal.WriteJSON(o.ui.Err, e)
		return
	}
	if o.ui.Quiet && e.Kind != supervise.KindWarning && e.Kind != supervise.KindGaveUp {
		return
	}
	text, hint := o.sentence(e)
	if text == "" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	label := o.ui.PaintFor(o.ui.Err, ansi.Style{}.Bold(), "plumb:")
	fmt.Fprintln(o.ui.Err, label, terminal.Printable(text))
	if hint != "" {
		fmt.Fprintln(o.ui.Err, o.ui.PaintFor(o.ui.Err, ansi.Style{}.Bold().ForegroundColor(ansi.Cyan), "hint:"), terminal.Printable(hint))
	}
}
