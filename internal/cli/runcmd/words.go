package runcmd

import (
	"fmt"
	"time"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/supervise"
)

// sentence says what has happened; "" for what goes without saying.
func (o *runOutput) sentence(e supervise.Event) (text, hint string) {
	who := o.name(e.App, e.Instance)
	if e.App == "" {
		who = "plumb"
	}
	if e.PID != 0 {
		who += fmt.Sprintf(" (process %d)", e.PID)
	}
	switch e.Kind {
	case supervise.KindStopping:
		return who + stoppingWords[e.Reason], ""
	case supervise.KindEnded:
		if e.Ended.Reason == supervise.NotStarted {
			return "", "" // said in the end, or by the next line
		}
		return fmt.Sprintf("%s ended after %s: %s", who, roughly(e.Ended.Uptime), endWords(o.ui, e.Ended)), e.Ended.Hint
	case supervise.KindRestarting:
		if e.Wait == 0 {
			return "", ""
		}
		return fmt.Sprintf("%s starts again in %s", who, roughly(e.Wait)), ""
	case supervise.KindStarted:
		return who + " started", ""
	case supervise.KindGaveUp:
		if e.Ended.Reason == supervise.NotStarted {
			return "", ""
		}
		return fmt.Sprintf("%s is in a crash loop and is not started again: it ended too soon, too often", who),
			"plumb restart " + e.App + " starts it again; see --min-uptime, --max-restarts"
	case supervise.KindWarning:
		return who + ": " + e.Text, e.Hint
	default:
		return "", ""
	}
}

var stoppingWords = map[supervise.Reason]string{
	supervise.MemoryLimit: " is above its memory limit and is ended",
	supervise.HeapLimit:   " is above its heap limit and is ended",
	supervise.Unhealthy:   " does not answer and is ended",
	supervise.Cron:        " is restarted: it is time",
	supervise.Changed:     " is restarted: its files have changed",
	supervise.Restarted:   " is restarted",
	supervise.Stopped:     " is stopped",
	supervise.NotReady:    " was not ready in time and is ended",
}

// endWords say how a life ended.
func endWords(ui *terminal.UI, e *supervise.Ended) string {
	how := fmt.Sprintf("exit code %d", e.Code)
	if e.Signal != "" {
		how = "signal " + e.Signal
	}
	switch e.Reason {
	case supervise.HeapOOM:
		return fmt.Sprintf("out of heap (%s; %s)", e.Said, how)
	case supervise.KernelOOM:
		return fmt.Sprintf("killed by the kernel for want of memory (%s, it had %s)", how, ui.Size(int64(e.RSS)))
	case supervise.MemoryLimit, supervise.HeapLimit:
		return fmt.Sprintf("memory limit (it had %s; %s)", ui.Size(int64(e.RSS)), how)
	case supervise.Exited, supervise.Signalled:
		if e.Said != "" && e.Code != 0 {
			return how + ", it said: " + e.Said
		}
	}
	return how
}

// roughly writes a time span as one reads it.
func roughly(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	default:
		return terminal.TimeSpan(int64(d.Seconds()))
	}
}
