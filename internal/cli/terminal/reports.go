package terminal

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/report"
)

// ReportFlags choose the form of a report and where it goes.
type ReportFlags struct {
	markdown, html, sarif, junit bool
	Output                       string
}

// Add gives cmd the flags.
func (flags *ReportFlags) Add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&flags.markdown, "markdown", false, "print the report as Markdown")
	f.BoolVar(&flags.html, "html", false, "print the report as one HTML page")
	f.BoolVar(&flags.sarif, "sarif", false, "print the findings as SARIF 2.1.0")
	f.BoolVar(&flags.junit, "junit", false, "print the findings as JUnit XML")
	f.StringVarP(&flags.Output, "output", "o", "", "write the report to this file")
}

// ReportFormat is the one form that the flags ask for.
func (ui *UI) ReportFormat(cmd *cobra.Command, flags *ReportFlags) (report.Format, error) {
	var asked []report.Format
	for _, choice := range []struct {
		given  bool
		format report.Format
	}{
		{ui.JSON, report.JSON},
		{flags.markdown, report.Markdown},
		{flags.html, report.HTML},
		{flags.sarif, report.SARIF},
		{flags.junit, report.JUnit},
	} {
		if choice.given {
			asked = append(asked, choice.format)
		}
	}
	switch len(asked) {
	case 0:
		return report.Text, nil
	case 1:
		return asked[0], nil
	default:
		return "", UsageError(cmd, "%s: --%s and --%s exclude each other", cmd.CommandPath(), asked[0], asked[1])
	}
}

// WriteReport writes to the standard output or, whole or not at all, to a file.
func (ui *UI) WriteReport(r *report.Report, f report.Format, path string) error {
	if path == "" {
		return r.Write(ui.Out, f)
	}
	if err := WriteWhole(path, func(file *os.File) error { return r.Write(file, f) }); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	ui.Note("the report is in %s", path)
	return nil
}
