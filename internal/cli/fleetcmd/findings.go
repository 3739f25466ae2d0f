package fleetcmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/hub"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/ledger"
	"github.com/plumb-dev/plumb/internal/report"
)

type findingsFlags struct {
	at      hub.Flags
	alarms  bool
	listing terminal.Listing
	report  terminal.ReportFlags
}

func newFindingsCommand(ui *terminal.UI) *cobra.Command {
	var flags findingsFlags
	cmd := &cobra.Command{
		Use:   "findings [FINGERPRINT]",
		Short: "What leaks anywhere, each leak once",
		Long: "List the leaks of all apps. The same leak in several pods, hosts and releases is one\n" +
			"row. A leak is fixed when a newer release was looked at and it was not there, and\n" +
			"regressed when it came again after that. With the beginning of a FINGERPRINT, show\n" +
			"its newest diagnosis.\n\n" +
			"--alarms lists the alarms that nothing explains: no snapshot could be taken, or the\n" +
			"snapshots cannot tell.",
		Example: "plumb fleet findings\n" +
			"plumb fleet findings 3f2a --markdown -o leak.md\n" +
			"plumb fleet findings --alarms --csv",
		Args: terminal.Takes("[FINGERPRINT]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return showFindings(ui, cmd, args, &flags)
		},
	}
	flags.at.Add(cmd, hub.Local)
	cmd.Flags().BoolVar(&flags.alarms, "alarms", false, "list the alarms without an explanation")
	flags.listing.Add(cmd, "the newest first")
	flags.report.Add(cmd)
	return cmd
}

func showFindings(ui *terminal.UI, cmd *cobra.Command, args []string, flags *findingsFlags) error {
	format, err := ui.ReportFormat(cmd, &flags.report)
	switch {
	case err != nil:
		return err
	case len(args) == 0 && (format != report.Text && format != report.JSON || flags.report.Output != ""):
		return terminal.UsageError(cmd, "%s: a report needs a FINGERPRINT", cmd.CommandPath())
	case len(args) == 1 && (ui.CSV || flags.alarms):
		return terminal.UsageError(cmd, "%s: --csv and --alarms are for the list", cmd.CommandPath())
	}
	c, err := connect(cmd, &flags.at)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	var list *ledger.Ledger
	if err := c.ask(cmd.Context(), "read the findings", func(ctx context.Context) (err error) {
		list, err = ledger.Read(ctx, c.js)
		return err
	}); err != nil {
		return err
	}
	if len(args) == 1 {
		return c.showFinding(ui, cmd, list, args[0], format, flags.report.Output)
	}
	t := findingsTable(list.Findings())
	if flags.alarms {
		t = alarmsTable(list.Alarms())
	}
	if err := flags.listing.Apply(ui, cmd, t, "rows"); err != nil {
		return err
	}
	return ui.PrintTable(t)
}

func findingsTable(all []ledger.Finding) *terminal.Table {
	t := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "fingerprint", Title: "Fingerprint", Kind: terminal.Words},
			{Key: "app", Title: "App", Kind: terminal.Words},
			{Key: "state", Kind: terminal.Words},
			{Key: "stands", Title: "State", Kind: terminal.Words},
			{Key: "instances", Title: "On", Kind: terminal.Count},
			{Key: "cases", Title: "Cases", Kind: terminal.Count},
			{Key: "first", Kind: terminal.Words},
			{Key: "last", Kind: terminal.Words},
			{Key: "ago", Title: "Last", Kind: terminal.Span},
			{Key: "bytesPerRequest", Kind: terminal.Number},
			{Key: "appeared", Title: "Since", Kind: terminal.Words},
			{Key: "releases", Kind: terminal.Words},
			{Key: "fixedIn", Kind: terminal.Words},
			{Key: "again", Kind: terminal.Words},
			{Key: "what", Title: "What", Kind: terminal.Words},
			{Key: "where", Kind: terminal.Words},
		},
		Empty: "Nothing leaks, as far as alarms tell: plumb run --hub with --capture-at sends what it finds.",
	}
	for _, f := range all {
		t.Rows = append(t.Rows, []any{
			f.Fingerprint, f.App, string(f.State), f.Stands(), len(f.Instances), f.Cases, f.First.UTC().Format(time.RFC3339), f.Last.UTC().Format(time.RFC3339),
			int64(time.Since(f.Last).Seconds()), f.BytesPerRequest, f.Appeared, strings.Join(f.Releases, " "), f.FixedIn, f.Again, f.Line, strings.Join(f.Instances, " "),
		})
	}
	return t
}

func alarmsTable(all []ledger.Alarm) *terminal.Table {
	t := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "case", Title: "Case", Kind: terminal.Words},
			{Key: "app", Title: "App", Kind: terminal.Words},
			{Key: "instance", Title: "N", Kind: terminal.Number},
			{Key: "host", Title: "Host", Kind: terminal.Words},
			{Key: "release", Title: "Release", Kind: terminal.Words},
			{Key: "seen", Kind: terminal.Words},
			{Key: "ago", Title: "Ago", Kind: terminal.Span},
			{Key: "why", Title: "Alarm", Kind: terminal.Words},
			{Key: "problem", Title: "Why there is no finding", Kind: terminal.Words},
		},
		Empty: "Every alarm is explained.",
	}
	for _, a := range all {
		t.Rows = append(t.Rows, []any{
			a.ID, a.App, a.Instance, a.Host, a.Release, a.Seen.UTC().Format(time.RFC3339), int64(time.Since(a.Seen).Seconds()), a.Why, a.Problem,
		})
	}
	return t
}

// showFinding shows the newest diagnosis of a leak.
func (c *connection) showFinding(ui *terminal.UI, cmd *cobra.Command, list *ledger.Ledger, begins string, format report.Format, path string) error {
	var found []ledger.Finding
	for _, f := range list.Findings() {
		if strings.HasPrefix(f.Fingerprint, begins) {
			found = append(found, f)
		}
	}
	if len(found) != 1 {
		return terminal.WithHint(fmt.Errorf("%s findings begin with %q", terminal.Thousands(int64(len(found))), begins), "see plumb fleet findings for those that are there")
	}
	f := found[0]
	var r *fleet.Result
	err := c.ask(cmd.Context(), "read the finding", func(ctx context.Context) (err error) {
		r, err = ledger.Case(ctx, c.js, f.Case)
		return err
	})
	if err != nil {
		return err
	}
	if r.Result == nil {
		return errors.New("its newest diagnosis is not kept any more")
	}
	doc := ledger.Report(&f, r)
	doc.Version, doc.Bytes = ui.Version, ui.Bytes
	return ui.WriteReport(doc, format, path)
}
