package runcmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/cli/watchcmd"
	"github.com/plumb-dev/plumb/internal/supervise"
	"github.com/plumb-dev/plumb/internal/supervise/control"
)

func newStatusCommand(ui *terminal.UI) *cobra.Command {
	return &cobra.Command{
		Use:   "status [APP]",
		Short: "Show the apps that plumb run keeps up",
		Long: "Show what each instance of each app does: since when, with how much memory, how\n" +
			"often it was started again, and how it ended last. \"Limit in\" is when its memory\n" +
			"reaches the limit if it goes on growing as it does.",
		Args: terminal.Takes("[APP]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := statusOf(cmd.Context(), args)
			if err != nil {
				return err
			}
			if err := ui.PrintTable(statusTable(ui, list)); err != nil || !terminal.IsTerminal(ui.Out) {
				return err
			}
			return tellPages(ui, list)
		},
	}
}

// tellPages tells a person the addresses of the pages of these apps.
func tellPages(ui *terminal.UI, list []supervise.Status) error {
	states, err := control.States()
	if err != nil {
		return err
	}
	for _, s := range states {
		if !slices.ContainsFunc(list, func(one supervise.Status) bool { return one.App == s.App }) {
			continue
		}
		if token, err := control.FindToken(s.Metrics); err == nil {
			if page := watchcmd.PageAt(s.Metrics, token); page != "" {
				ui.Note("%s in the browser: %s", s.App, page)
			}
		}
	}
	return nil
}

// statusOf asks every plumb; args may name one app.
func statusOf(ctx context.Context, args []string) ([]supervise.Status, error) {
	list, err := control.Statuses(ctx)
	if err != nil || len(args) == 0 {
		return list, err
	}
	list = slices.DeleteFunc(list, func(s supervise.Status) bool { return s.App != args[0] })
	if len(list) == 0 {
		return nil, notKept(args[0])
	}
	return list, nil
}

// notKept is the error of an app that nobody keeps up.
func notKept(name string) error {
	hint := "start it: plumb run --name " + name + " -- COMMAND..."
	if states, err := control.States(); err == nil && len(states) > 0 {
		names := []string{}
		for _, s := range states {
			names = append(names, s.App)
		}
		hint = "the apps here are: " + strings.Join(names, ", ")
	}
	return terminal.WithHint(fmt.Errorf("%s: %w", name, control.ErrNotRunning), "%s", hint)
}

func statusTable(ui *terminal.UI, list []supervise.Status) *terminal.Table {
	t := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "app", Title: "App", Kind: terminal.Words},
			{Key: "instance", Title: "#", Kind: terminal.Number},
			{Key: "state", Title: "State", Kind: terminal.Words},
			{Key: "pid", Title: "PID", Kind: terminal.Number},
			{Key: "since", Kind: terminal.Words},
			{Key: "for", Title: "For", Kind: terminal.Span},
			{Key: "restarts", Title: "Restarts", Kind: terminal.Count},
			{Key: "rss", Title: "RSS", Kind: terminal.Size},
			{Key: "limit", Title: "Limit", Kind: terminal.Size},
			{Key: "heap", Kind: terminal.Size},
			{Key: "growthPerSecond", Kind: terminal.Number},
			{Key: "toLimit", Title: "Limit in", Kind: terminal.Span},
			{Key: "lastReason", Kind: terminal.Words},
			{Key: "lastCode", Kind: terminal.Number},
			{Key: "lastSignal", Kind: terminal.Words},
			{Key: "last", Title: "Last end", Kind: terminal.Words},
		},
		Empty: "No app is kept up here by plumb run.",
	}
	now := time.Now()
	for _, s := range list {
		var pid, rss, limit, heap, toLimit, reason, code, signal, last any
		if s.PID != 0 {
			pid = s.PID
		}
		if s.RSS != 0 {
			rss = s.RSS
		}
		if s.Limit > 0 {
			limit = s.Limit
		}
		if s.Heap > 0 {
			heap = s.Heap
		}
		if s.ToLimit > 0 {
			toLimit = int64(s.ToLimit)
		}
		if s.Last != nil {
			reason, code, signal, last = string(s.Last.Reason), s.Last.Code, s.Last.Signal, endWords(ui, s.Last)
		}
		t.Rows = append(t.Rows, []any{
			s.App, s.Instance, string(s.State), pid, s.Since.Format(time.RFC3339), int64(now.Sub(s.Since).Seconds()), s.Restarts,
			rss, limit, heap, int64(s.Growth), toLimit, reason, code, signal, last,
		})
	}
	return t
}

// controlVerbs are the commands that ask a plumb to do something to an app.
var controlVerbs = []struct{ verb, short, long, done string }{
	{
		"restart", "Restart an app that plumb run keeps up",
		"End the processes of an app and start new ones, all at once. An app that has ended,\nwas stopped or is in a crash loop is started again.", "restarted",
	},
	{
		"reload", "Restart an app without losing a request",
		"Restart the instances of an app one after the other. Where they overlap (plumb run\n--overlap or --instances), each new one is ready before the old one leaves, and a new\none that fails leaves the old one where it is.", "reloaded",
	},
	{
		"stop", "Stop an app that plumb run keeps up",
		"End the processes of an app for good. Its plumb ends when it has no other app;\notherwise plumb restart starts it again.", "stopped",
	},
}

func newControlCommands(ui *terminal.UI) []*cobra.Command {
	var list []*cobra.Command
	for _, v := range controlVerbs {
		list = append(list, &cobra.Command{
			Use: v.verb + " APP", Short: v.short, Long: v.long, Args: terminal.Takes("APP"), Annotations: terminal.NoCSV,
			RunE: func(cmd *cobra.Command, args []string) error {
				return ask(cmd.Context(), ui, v.verb, v.done, args[0])
			},
		})
	}
	return list
}

func ask(ctx context.Context, ui *terminal.UI, verb, done, name string) error {
	c, err := control.Dial(name)
	if errors.Is(err, control.ErrNotRunning) {
		return notKept(name)
	}
	if err != nil {
		return err
	}
	list, err := c.Do(ctx, verb, name)
	if err != nil {
		return terminal.WithHint(fmt.Errorf("%s %s: %w", verb, name, err), "see plumb status %s and plumb logs %s", name, name)
	}
	if !slices.ContainsFunc(list, func(s supervise.Status) bool { return !s.State.Over() }) {
		// It was the last app: its plumb ends.
		ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		_ = control.Free(ctx, name)
	}
	list = slices.DeleteFunc(list, func(s supervise.Status) bool { return s.App != name })
	t := statusTable(ui, list)
	t.Verdict = fmt.Sprintf("%s is %s:", name, done)
	return ui.PrintTable(t)
}

func newLogsCommand(ui *terminal.UI) *cobra.Command {
	var follow bool
	var lines int
	cmd := &cobra.Command{
		Use:   "logs APP",
		Short: "Show what an app that plumb run keeps up has printed",
		Long: "Show the last lines of an app, on both of its outputs; with --follow what comes, too,\n" +
			"until Ctrl-C. plumb run keeps the last 256 kB of each app in memory; what a program\n" +
			"writes straight to a terminal is not among it.",
		Args:        terminal.Takes("APP"),
		Annotations: terminal.NoCSV,
		RunE: func(cmd *cobra.Command, args []string) error {
			if lines < 0 {
				return terminal.UsageError(cmd, "%s: --lines %d is less than 0", cmd.CommandPath(), lines)
			}
			c, err := control.Dial(args[0])
			if errors.Is(err, control.ErrNotRunning) {
				return notKept(args[0])
			}
			if err != nil {
				return err
			}
			return c.Logs(cmd.Context(), ui.Out, args[0], lines, follow)
		},
	}
	cmd.Flags().BoolVarP(&follow, "follow", "f", false, "go on until Ctrl-C")
	cmd.Flags().IntVarP(&lines, "lines", "n", 100, "how many lines of the past")
	return cmd
}
