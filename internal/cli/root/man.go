package root

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// Manual is the command that makes the manual pages, for those who make packages. It is
// hidden from the help.
//
// A page is in the language of man(7), with the help's own words; each command has one, as
// git's have: plumb-hunt(1), plumb-heap-summary(1). It has no date, so that the same source
// gives the same bytes.
func Manual(ui *terminal.UI) []*cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:         "man",
		Short:       "Print the manual page, or write those of all commands",
		Args:        terminal.Takes(),
		Hidden:      true,
		Annotations: terminal.NoCSV,
		RunE: func(cmd *cobra.Command, _ []string) error {
			root := cmd.Root()
			if dir == "" {
				_, err := ui.Out.Write(manPage(root, ui.Version))
				return err
			}
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return fmt.Errorf("write manual: %w", err)
			}
			return writeManual(root, ui.Version, dir)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "write a page for each command into this folder")
	return []*cobra.Command{cmd}
}

// writeManual writes the page of cmd and of all commands below it.
func writeManual(cmd *cobra.Command, version, dir string) error {
	if err := os.WriteFile(filepath.Join(dir, manName(cmd)+".1"), manPage(cmd, version), 0o644); err != nil {
		return fmt.Errorf("write manual: %w", err)
	}
	for _, sub := range cmd.Commands() {
		if sub.Hidden {
			continue
		}
		if err := writeManual(sub, version, dir); err != nil {
			return err
		}
	}
	return nil
}

func manName(cmd *cobra.Command) string {
	return strings.ReplaceAll(cmd.CommandPath(), " ", "-")
}

func manPage(cmd *cobra.Command, version string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, ".TH %s 1 \"\" \"plumb %s\" \"plumb\"\n", roff(strings.ToUpper(manName(cmd))), roff(version))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(manName(cmd)), roff(cmd.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.nf\n%s\n.fi\n", strings.Join(manSynopsis(cmd), "\n"))
	long := cmd.Long
	if long == "" {
		long = cmd.Short + "."
	}
	b.WriteString(".SH DESCRIPTION\n")
	manText(&b, long)
	var also []string
	if cmd.HasParent() {
		also = append(also, manName(cmd.Parent()))
	}
	heading := ".SH COMMANDS\n"
	for _, sub := range cmd.Commands() {
		if sub.Hidden {
			continue
		}
		fmt.Fprintf(&b, "%s.TP\n.B %s\n%s\n", heading, roff(sub.Name()), roff(sub.Short))
		heading = ""
		also = append(also, manName(sub))
	}
	manFlags(&b, "OPTIONS", cmd.NonInheritedFlags())
	manFlags(&b, "OPTIONS OF EVERY COMMAND", cmd.InheritedFlags())
	if cmd.Example != "" {
		fmt.Fprintf(&b, ".SH EXAMPLES\n.nf\n")
		for line := range strings.Lines(cmd.Example) {
			fmt.Fprintf(&b, "%s\n", roff(strings.TrimSpace(line)))
		}
		b.WriteString(".fi\n")
	}
	for n, name := range also {
		also[n] = fmt.Sprintf(".BR %s (1)", roff(name))
	}
	if len(also) > 0 {
		fmt.Fprintf(&b, ".SH SEE ALSO\n%s\n", strings.Join(also, ",\n"))
	}
	return b.Bytes()
}

// manSynopsis has a line for each of the ways to call a command.
func manSynopsis(cmd *cobra.Command) []string {
	lines := strings.Split(cmd.Use, " | "+cmd.Name()+" ")
	lines[0] = strings.TrimPrefix(lines[0], cmd.Name())
	for n, arguments := range lines {
		arguments = strings.TrimPrefix(strings.TrimSpace(arguments), "[flags] ")
		lines[n] = fmt.Sprintf("\\fB%s\\fR %s", roff(cmd.CommandPath()), roff(strings.TrimSpace("[OPTIONS] "+arguments)))
	}
	return lines
}

// manText writes paragraphs. What is indented is a table or an example, and stays as it is.
func manText(w io.Writer, text string) {
	kept := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \n")
		if indented := strings.HasPrefix(line, " "); indented != kept && (indented || line != "") {
			kept = indented
			fmt.Fprintln(w, map[bool]string{true: ".nf", false: ".fi"}[kept])
		}
		if line == "" {
			line = ".PP"
		} else {
			line = roff(line)
		}
		fmt.Fprintln(w, line)
	}
	if kept {
		fmt.Fprintln(w, ".fi")
	}
}

// manFlags writes flags out of their help: "  -c, --connections int   at the same time".
func manFlags(w io.Writer, heading string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	fmt.Fprintf(w, ".SH %s\n", heading)
	for line := range strings.Lines(flags.FlagUsages()) {
		flag, usage, _ := strings.Cut(strings.TrimSpace(line), "   ")
		words := strings.Fields(flag)
		for n, word := range words {
			if words[n] = roff(word); strings.HasPrefix(word, "-") {
				words[n] = `\fB` + words[n] + `\fR`
			} else {
				words[n] = `\fI` + words[n] + `\fR`
			}
		}
		fmt.Fprintf(w, ".TP\n%s\n%s\n", strings.Join(words, " "), roff(strings.TrimSpace(usage)))
	}
}

// roff is a line of text in which nothing is a command of roff.
func roff(line string) string {
	line = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(line)
	if strings.HasPrefix(line, ".") {
		return `\&` + line
	}
	return line
}
