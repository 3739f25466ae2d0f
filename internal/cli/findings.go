package cli

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/report"
)

type findingsFlags struct {
	dir                string
	pin, unpin, remove bool
	report             reportFlags
}

func newFindingsCommand(a *app) *cobra.Command {
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
		Args: takes("[ID]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.findings(cmd, args, &flags)
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.dir, "findings", "", "the folder of findings (default $XDG_STATE_HOME/plumb/findings)")
	f.BoolVar(&flags.pin, "pin", false, "keep this finding")
	f.BoolVar(&flags.unpin, "unpin", false, "let it go when others need the room")
	f.BoolVar(&flags.remove, "remove", false, "remove it with its snapshots")
	addReportFlags(cmd, &flags.report)
	return cmd
}

func (a *app) findings(cmd *cobra.Command, args []string, flags *findingsFlags) error {
	changes := 0
	for _, asked := range []bool{flags.pin, flags.unpin, flags.remove} {
		if asked {
			changes++
		}
	}
	format, err := a.reportFormat(cmd, &flags.report)
	switch {
	case err != nil:
		return err
	case changes > 1:
		return usageError(cmd, "%s: --pin, --unpin and --remove exclude each other", cmd.CommandPath())
	case len(args) == 0 && changes > 0:
		return usageError(cmd, "%s: --pin, --unpin and --remove need an ID", cmd.CommandPath())
	case len(args) == 0 && (format != report.Text && format != report.JSON || flags.report.output != ""):
		return usageError(cmd, "%s: a report needs an ID", cmd.CommandPath())
	case len(args) == 1 && a.csv:
		return usageError(cmd, "%s: --csv is for the list", cmd.CommandPath())
	}
	store, err := openStore(flags.dir, diagnosis.Budget{})
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return a.listFindings(store)
	}
	finding, err := store.Find(args[0])
	if errors.Is(err, diagnosis.ErrNoFinding) {
		return withHint(err, "see plumb findings for those that are there")
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
		return a.writeFinding(finding, format, flags.report.output)
	}
	if err == nil {
		a.note("finding %s is %s", finding.ID, done)
	}
	return err
}

func (a *app) writeFinding(f *diagnosis.Finding, format report.Format, path string) error {
	r := f.Report(workingFolder())
	r.Version, r.Bytes = a.version, a.bytes
	return a.writeReport(r, format, path)
}

func (a *app) listFindings(store *diagnosis.Store) error {
	all, err := store.List()
	if err != nil {
		a.note("%s", err)
	}
	t := &table{
		Columns: []column{
			{"id", "ID", words},
			{"app", "App", words},
			{"time", "", words},
			{"ago", "Ago", span},
			{"verdict", "Verdict", words},
			{"heap", "Heap", size},
			{"bytes", "On disk", size},
			{"pinned", "Pinned", words},
			{"what", "What", words},
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
			what = f.Report(workingFolder()).Says()
		}
		pinned := ""
		if f.Pinned {
			pinned = "yes"
		}
		t.Rows = append(t.Rows, []any{
			f.ID, f.App, f.Time.Format(time.RFC3339), int64(time.Since(f.Time).Seconds()), verdictOf(f), used, f.Bytes(), pinned, what,
		})
	}
	text := func(w io.Writer) error {
		if err := a.writeTable(w, t); err != nil || len(all) == 0 {
			return err
		}
		_, err := fmt.Fprintf(w, "\nNext: plumb findings %s\n", all[0].ID)
		return err
	}
	return a.print(result{Table: t, Text: text})
}

func verdictOf(f *diagnosis.Finding) string {
	if f.Result == nil {
		return "no diagnosis"
	}
	return map[leak.Verdict]string{leak.Leaking: "leak", leak.Healthy: "no leak", leak.Undecided: "undecided"}[f.Result.Verdict]
}
