package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/plumb-dev/plumb/internal/cli"
)

var (
	flagSpan = regexp.MustCompile(`^--[a-z0-9][a-z0-9.-]*`)
	pathSpan = regexp.MustCompile(`^(cmd|deploy|docs|examples|heap|internal|scripts|test|ui)/[A-Za-z0-9_./-]+$`)
)

// foreign are flags of other programs of which the documentation speaks.
var foreign = []string{
	"--disable-sigusr1", "--expose-gc", "--ignore-scripts", "--inspect", "--inspect-publish-uid", "--omit", "--remote-debugging-port", "--tag",
	"--version",
}

// TestSpans holds that what prose names is there: commands with their flags, a flag on any
// command, a path in the repository.
func TestSpans(t *testing.T) {
	flags := slices.Clone(foreign)
	root := cli.Tree()
	note := func(f *pflag.Flag) { flags = append(flags, "--"+f.Name) }
	root.PersistentFlags().VisitAll(note)
	for _, cmd := range commandsBelow(root) {
		cmd.LocalFlags().VisitAll(note)
	}
	for _, p := range pages(t) {
		for _, m := range code.FindAllStringIndex(p.prose, -1) {
			span := strings.Trim(p.prose[m[0]:m[1]], "`")
			for _, word := range strings.Fields(span) {
				if name := flagSpan.FindString(word); strings.HasPrefix(span, "--") && name != "" && !slices.Contains(flags, strings.TrimRight(name, ".")) {
					t.Errorf("%s:%d: no command has the flag %s", p.path, p.lineAt(m[0]), name)
				}
			}
			if words := split(strings.ReplaceAll(span, "\n", " ")); len(words) > 1 && words[0] == "plumb" {
				if err := checkPlumb(words[1:]); err != nil {
					t.Errorf("%s:%d: %s: %v", p.path, p.lineAt(m[0]), span, err)
				}
			}
			if pathSpan.MatchString(span) {
				if _, err := os.Stat(filepath.Join(top, filepath.FromSlash(span))); err != nil {
					t.Errorf("%s:%d: no such file: %s", p.path, p.lineAt(m[0]), span)
				}
			}
		}
	}
}
