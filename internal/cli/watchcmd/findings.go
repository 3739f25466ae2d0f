package watchcmd

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/report"
)

type findingsFlags struct {
	dir                string
	pin, unpin, remove bool
	report             terminal.ReportFlags
}

func newFindingsCommand(ui *terminal.UI) *cobra.Command {
	var flags findingsFlags
	cmd := &cobra.Command{
		Use:   "findings [ID]",
		Short: "Show what alarms have found out",
		Long: "List what plumb has found out when the memory of a program was high, or show one\n" +
			"finding: the variable, the file and the line that hold it, and the two snapshots.\n" +
			"ID may be shortened; \"last\" is the newest.\n\n" +
			"The oldest findings make room for new ones, those that are pinned do not.",
		Example: "plumb findings\n" +
			"plumb findings last\n" +
			"plumb findings api-0-20261125 --markdown -o leak.md\n" +
			"plumb findings last --pin",
		Args: terminal.Takes("[ID]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return showFindings(ui, cmd, args, &flags)
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.dir, "findings", "", "the folder of findings (default $XDG_STATE_HOME/plumb/findings)")
	f.BoolVar(&flags.pin, "pin", false, "keep this finding")
	f.BoolVar(&flags.unpin, "unpin", false, "let it go when others need the room")
	f.BoolVar(&flags.remove, "remove", false, "remove it with its snapshots")
	flags.report.Add(cmd)
	return cmd
}

func showFindings(ui *terminal.UI, cmd *cobra.Command, args []string, flags *findingsFlags) error {
	changes := 0
	for _, asked := range []bool{flags.pin, flags.unpin, flags.remove} {
		if asked {
			changes++
		}
	}
	format, err := ui.ReportFormat(cmd, &flags.report)
	switch {
	case err != nil:
		return err
	case changes > 1:
		return terminal.UsageError(cmd, "%s: --pin, --unpin and --remove exclude each other", cmd.CommandPath())
	case len(args) == 0 && changes > 0:
		return terminal.UsageError(cmd, "%s: --pin, --unpin and --remove need an ID", cmd.CommandPath())
	case len(args) == 0 && (format != report.Text && format != report.JSON || flags.report.Output != ""):
		return terminal.UsageError(cmd, "%s: a report needs an ID", cmd.CommandPath())
	case len(args) == 1 && ui.CSV:
		return terminal.UsageError(cmd, "%s: --csv is for the list", cmd.CommandPath())
	}
	store, err := openStore(flags.dir, diagnosis.Budget{})
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return listFindings(ui, store)
	}
	finding, err := store.Find(args[0])
	if errors.Is(err, diagnosis.ErrNoFinding) {
		return terminal.WithHint(err, "see plumb findings for those that are there")
	}
	if err != nil {
		return err
	}
	done := ""
	switch {
	case flags.remove:
		done, err = "removed", store.Remove(finding)
	case flags.pin:
		done, err = "pinned", store.Pin(finding, true)
	case flags.unpin:
		done, err = "no longer pinned", store.Pin(finding, false)
	default:
		return writeFinding(ui, finding, format, flags.report.Output)
	}
	if err == nil {
		ui.Note("finding %s is %s", finding.ID, done)
	}
	return err
}

func writeFinding(ui *terminal.UI, f *diagnosis.Finding, format report.Format, path string) error {
	return ui.WriteReport(reportOf(ui, f), format, path)
}

func reportOf(ui *terminal.UI, f *diagnosis.Finding) *report.Report {
	r := f.Report(terminal.WorkingFolder())
	r.Version, r.Bytes = ui.Version, ui.Bytes
	return r
}

func listFindings(ui *terminal.UI, store *diagnosis.Store) error {
	all, err := store.List()
	if err != nil {
		ui.Note("%s", err)
	}
	t := findingsTable(all)
	text := func(w io.Writer) error {
		if err := ui.WriteTable(w, t); err != nil || len(all) == 0 {
			return err
		}
		_, err := fmt.Fprintf(w, "\nNext: plumb findings %s\n", all[0].ID)
		return err
	}
	return ui.Print(terminal.Result{Table: t, Text: text})
}

// findingsTable has a row for each finding.
func findingsTable(all []*diagnosis.Finding) *terminal.Table {
	t := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "id", Title: "ID", Kind: terminal.Words},
			{Key: "app", Title: "App", Kind: terminal.Words},
			{Key: "time", Kind: terminal.Words},
			{Key: "ago", Title: "Ago", Kind: terminal.Span},
			{Key: "verdict", Title: "Verdict", Kind: terminal.Words},
			{Key: "heap", Title: "Heap", Kind: terminal.Size},
			{Key: "bytes", Title: "On disk", Kind: terminal.Size},
			{Key: "pinned", Title: "Pinned", Kind: terminal.Words},
			{Key: "what", Title: "What", Kind: terminal.Words},
		},
		Empty: "There are no findings: plumb run and plumb attach make one when memory passes --capture-at.",
	}
	for _, f := range all {
		var used any
		if f.Last != nil {
			used = f.Last.Memory.HeapUsed
		}
		what := f.Problem
		if f.Result != nil {
			what = f.Report(terminal.WorkingFolder()).Says()
		}
		pinned := ""
		if f.Pinned {
			pinned = "yes"
		}
		t.Rows = append(t.Rows, []any{
			f.ID, f.App, f.Time.Format(time.RFC3339), int64(time.Since(f.Time).Seconds()), verdictOf(f), used, f.Bytes(), pinned, what,
		})
	}
	return t
}

func verdictOf(f *diagnosis.Finding) string {
	if f.Result == nil {
		return "no diagnosis"
	}
	return map[leak.Verdict]string{leak.Leaking: "leak", leak.Healthy: "no leak", leak.Undecided: "undecided"}[f.Result.Verdict]
}
