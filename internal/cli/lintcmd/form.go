package lintcmd

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/lint"
	"github.com/plumb-dev/plumb/internal/lint/render"
)

// form is how the findings are written.
type form string

// The forms.
const (
	text   form = "text"
	json   form = "json"
	csv    form = "csv"
	sarif  form = "sarif"
	github form = "github"
)

// chooseForm is the one form that the flags ask for.
func chooseForm(ui *terminal.UI, cmd *cobra.Command, flags *lintFlags) (form, error) {
	chosen := text
	for _, choice := range []struct {
		given bool
		form  form
	}{{ui.JSON, json}, {ui.CSV, csv}, {flags.sarif, sarif}, {flags.github, github}} {
		if !choice.given {
			continue
		}
		if chosen != text {
			return "", terminal.UsageError(cmd, "%s: --%s and --%s exclude each other", cmd.CommandPath(), chosen, choice.form)
		}
		chosen = choice.form
	}
	return chosen, nil
}

// show writes the result. Asked says that snapshots were given.
func show(ui *terminal.UI, result *lint.Result, f form, asked bool) error {
	r := &render.Report{
		Result: result, Version: ui.Version, Root: terminal.WorkingFolder(), Width: ui.Width(), Asked: asked,
		Paint: func(s render.Style, text string) string { return ui.PaintFor(ui.Out, styleOf(s), text) },
	}
	switch f {
	case sarif, github:
		r.Result, r.Root = inCheckout(result, r.Root)
		if f == sarif {
			return r.SARIF(ui.Out)
		}
		return r.GitHub(ui.Out)
	case csv: // whose rows are findings
		for i := range result.Problems {
			p := &result.Problems[i]
			fmt.Fprintf(ui.Err, "warning: %s:%d: %s\n", terminal.Printable(p.File), max(p.Line, 1), terminal.Printable(p.Sentence()))
		}
	}
	return ui.Print(terminal.Result{Text: r.Text, JSON: result, Table: table(result)})
}

// inCheckout has the paths of a result be absolute and finds the top of the checkout
// that folder, the working folder, is in: code hosts count from there.
func inCheckout(result *lint.Result, folder string) (moved *lint.Result, root string) {
	absolute := func(path string) string {
		if filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(folder, path)
	}
	all := *result
	all.Findings, all.Problems = slices.Clone(result.Findings), slices.Clone(result.Problems)
	for i := range all.Findings {
		f := &all.Findings[i]
		f.File, f.Declared.File = absolute(f.File), absolute(f.Declared.File)
	}
	for i := range all.Problems {
		all.Problems[i].File = absolute(all.Problems[i].File)
	}
	return &all, render.Checkout(folder)
}

func styleOf(s render.Style) ansi.Style {
	var style ansi.Style
	switch s {
	case render.Alarm:
		return style.ForegroundColor(ansi.Red).Bold()
	case render.Notice:
		return style.ForegroundColor(ansi.Yellow)
	case render.Faint:
		return style.Faint()
	case render.Strong:
		return style.Bold()
	}
	return style
}

// table has a row for each finding, for --csv.
func table(result *lint.Result) *terminal.Table {
	t := &terminal.Table{Columns: []terminal.Column{
		{Key: "rule"},
		{Key: "severity"},
		{Key: "file"},
		{Key: "line", Kind: terminal.Number},
		{Key: "column", Kind: terminal.Number},
		{Key: "name"},
		{Key: "message"},
		{Key: "evidence"},
		{Key: "suppressed"},
	}}
	for i := range result.Findings {
		f := &result.Findings[i]
		evidence := ""
		if f.Evidence != nil {
			evidence = string(f.Evidence.Verdict)
		}
		t.Rows = append(t.Rows, []any{f.Rule, string(f.Severity), f.File, f.Line, f.Column, f.Name, f.Message, evidence, f.Suppressed})
	}
	return t
}
