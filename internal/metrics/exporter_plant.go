package metrics

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
)

// longestPause is the longest time that a program is left alone for.
const longestPause = 10 * time.Minute

// plantDue plants a probe in each program that has none, unless that is being
// done already.
func (e *Exporter) plantDue(ctx context.Context) {
	if !e.planting.TryLock() {
		return
	}
	defer e.planting.Unlock()
	for _, p := range e.shown() {
		if ctx.Err() != nil {
			return
		}
		if p.Runtime == "bun" || p.target.asked() || p.target.removed() || time.Now().Before(p.next) {
			continue
		}
		if err := e.plant(ctx, p); err != nil && ctx.Err() == nil {
			e.fail(p, err)
		} else {
			p.attempts, p.told = 0, ""
		}
	}
}

func (e *Exporter) plant(ctx context.Context, p *program) error {
	process, err := node.Attach(ctx, strconv.Itoa(p.PID), node.AttachOptions{Timeout: e.attaching})
	if err != nil {
		p.target.want()
		p.opened = p.opened || mayHaveOpened(err)
		return err
	}
	planting, cancel := context.WithTimeout(ctx, e.attaching)
	defer cancel()
	err = p.target.Plant(planting, process)
	if err == nil && p.opened && !inspecting(p.CommandLine) {
		err = process.Run(planting, closeInspector)
		p.opened = err != nil
	}
	// A blocked program closes its inspector as soon as it can: we need not wait.
	releasing, done := context.WithTimeout(context.WithoutCancel(ctx), e.attaching)
	defer done()
	_ = process.Release(releasing)
	return err
}

// closeInspector closes an inspector that opened late, after we had given up. It
// would else be taken for one that the program has open.
const closeInspector = `void setTimeout(() => ` + node.Builtin + `('inspector').close(), 50)`

// mayHaveOpened tells whether attaching failed after the signal.
func mayHaveOpened(err error) bool {
	for _, before := range []error{node.ErrNoProcess, node.ErrNotNode, node.ErrPermission, node.ErrUnsupported, node.ErrPortTaken} {
		if errors.Is(err, before) {
			return false
		}
	}
	return true
}

// inspecting tells whether a program was started with an inspector.
func inspecting(args []string) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		name, _, _ := strings.Cut(arg, "=")
		return name == "--inspect" || name == "--inspect-brk" || name == "--inspect-wait"
	})
}

// fail says why a program is not asked, once, and when to try again.
func (e *Exporter) fail(p *program, err error) {
	p.next = time.Now().Add(min(longestPause, e.pause<<min(p.attempts, 10)))
	p.attempts++
	if p.told == err.Error() || p.target.removed() {
		return
	}
	p.told = err.Error()
	hint := ""
	var worded *node.Error
	switch {
	case p.kept:
		hint = " (plumb run keeps it up and may have its inspector: have it show the metrics with its --metrics-address)"
	case errors.As(err, &worded) && worded.Hint != "":
		hint = " (" + worded.Hint + ")"
	}
	e.notice("%s: %v%s; shown is what the system tells", p.Label(), err, hint)
}
