package docs

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/plumb-dev/plumb/internal/cli"
)

// writeCommands makes the page of all commands and flags.
func writeCommands(t *testing.T, b *bytes.Buffer) {
	t.Setenv("TMPDIR", "/tmp") // a flag tells its default
	root := cli.Tree()
	b.WriteString("# Commands\n\n" +
		"`plumb help COMMAND` says the same in a terminal. Exit codes are [a page of their own](exit-codes.md).\n\n" +
		"These flags are there on every command:\n\n")
	writeFlags(b, root.PersistentFlags())
	b.WriteString("\n| command | |\n|---|---|\n")
	all := commandsBelow(root)
	for _, cmd := range all {
		row(b, fmt.Sprintf("[%s](#%s)", cmd.CommandPath(), anchors([]string{"# " + cmd.CommandPath()})[0]), cell("%s", cmd.Short))
	}
	b.WriteString("\n`plumb completion SHELL` writes the completion of a shell, `plumb man` the manual page.\n")
	for _, cmd := range all {
		writeCommand(b, cmd)
	}
}

// commandsBelow lists commands, each before those below it.
func commandsBelow(parent *cobra.Command) []*cobra.Command {
	var list []*cobra.Command
	for _, cmd := range parent.Commands() {
		if !cmd.Hidden {
			list = append(append(list, cmd), commandsBelow(cmd)...)
		}
	}
	return list
}

func writeCommand(b *bytes.Buffer, cmd *cobra.Command) {
	usage := cmd.Parent().CommandPath() + " " + cmd.Use
	if !cmd.Runnable() {
		usage += " COMMAND"
	}
	text := cmd.Long
	if text == "" {
		text = cmd.Short
	}
	fmt.Fprintf(b, "\n## %s\n\n%s.\n\n```text\n%s\n```\n", cmd.CommandPath(), cmd.Short, usage)
	if cmd.Long != "" {
		fmt.Fprintf(b, "\n```text\n%s\n```\n", strings.TrimSpace(text))
	}
	if cmd.Example != "" {
		fmt.Fprintf(b, "\n```\n%s\n```\n", strings.TrimSpace(cmd.Example))
	}
	if cmd.LocalNonPersistentFlags().HasAvailableFlags() {
		b.WriteString("\n")
		writeFlags(b, cmd.LocalNonPersistentFlags())
	}
}

func writeFlags(b *bytes.Buffer, flags *pflag.FlagSet) {
	b.WriteString("| flag | default | |\n|---|---|---|\n")
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		switch value {
		case "":
		case "strings", "stringArray", "ints": // may be repeated
			name += " " + strings.TrimSuffix(strings.TrimSuffix(value, "Array"), "s")
		default:
			name += " " + value
		}
		preset := f.DefValue
		if slices.Contains([]string{"", "false", "[]", "0s"}, preset) || preset == "0" && f.Value.Type() != "string" {
			preset = ""
		} else {
			preset = "`" + preset + "`"
		}
		row(b, "`"+cell("%s", name)+"`", preset, cell("%s", usage))
	})
}
