package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli"
)

// TestLines holds that what the documentation says to type can be typed: commands and
// flags of plumb, verbs of the Makefile, programs of "go run".
func TestLines(t *testing.T) {
	verbs := makeVerbs(t)
	checked := 0
	for _, p := range pages(t) {
		for _, l := range typed(p) {
			var err error
			switch l.words[0] {
			case "plumb":
				err = checkPlumb(l.words[1:])
			case "make":
				err = checkMake(verbs, l.words[1:])
			case "go":
				err = checkGo(l.words[1:])
			default:
				continue
			}
			checked++
			if err != nil {
				t.Errorf("%s:%d: %s: %v", p.path, l.line, strings.Join(l.words, " "), err)
			}
		}
	}
	if checked < 500 {
		t.Errorf("only %d lines were found: are they still looked for where they are?", checked)
	}
}

// typedLine is a command with its words.
type typedLine struct {
	line  int
	words []string
}

// before is what may stand before a command: a prompt, a step of a workflow.
var before = regexp.MustCompile(`^\s*(\$ |- run: |- |run: |\(|sh ')?\s*([A-Z_]+=\S+ )*`)

// typed finds the commands of a page: lines of its blocks, and spans of code in its prose.
func typed(p *page) []typedLine {
	var found []typedLine
	add := func(line int, text string) {
		text = text[len(before.FindString(text)):]
		for _, part := range commands(text) {
			if words := split(part); len(words) > 0 {
				found = append(found, typedLine{line, words})
			}
		}
	}
	for _, b := range p.blocks {
		if slices.Contains([]string{"js", "json", "javascript", "ts", "sql", "go", "text"}, b.info) {
			continue
		}
		for i := 0; i < len(b.lines); i++ {
			at, line := i, b.lines[i]
			for strings.HasSuffix(line, `\`) && i+1 < len(b.lines) {
				i++
				line = strings.TrimRight(line, `\ `) + " " + strings.TrimSpace(b.lines[i])
			}
			add(b.line+at, line)
		}
	}
	for _, m := range code.FindAllStringIndex(p.prose, -1) {
		text := strings.Join(strings.Fields(strings.Trim(p.prose[m[0]:m[1]], "`")), " ")
		add(p.lineAt(m[0]), text)
	}
	return found
}

var (
	aside  = regexp.MustCompile(`\S( {2,}| +#)`) // where an explanation begins
	joints = regexp.MustCompile(` (\||\|\||&&|&|;|>>?|<) |; |\$\(| &$`)
)

// commands cuts a line into the commands that a shell would see.
func commands(line string) []string {
	if m := aside.FindStringIndex(line); m != nil {
		line = line[:m[0]+1]
	}
	return joints.Split(line, -1)
}

// split makes words of a command; quotes hold words together.
func split(text string) []string {
	var words []string
	var word strings.Builder
	var quote rune
	began := false
	for _, r := range text {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, began = r, true
		case r == ' ' || r == '\t':
			if began {
				words = append(words, word.String())
			}
			word.Reset()
			began = false
		default:
			word.WriteRune(r)
			began = true
		}
	}
	if began {
		words = append(words, word.String())
	}
	return words
}

// placeholder is a word that stands for another one.
var placeholder = regexp.MustCompile(`^[<\[(]|\.\.\.|…|^[A-Z][A-Z0-9_|]*$|\$`)

// checkPlumb finds the command and looks at its flags; nothing runs.
func checkPlumb(words []string) error {
	for i, w := range words { // plumb restart|stop|logs APP
		if names := strings.Split(w, "|"); len(names) > 1 && i < 2 && !placeholder.MatchString(w) && w[0] != '-' {
			for _, name := range names {
				if err := checkPlumb(slices.Concat(words[:i], []string{name}, words[i+1:])); err != nil {
					return err
				}
			}
			return nil
		}
	}
	root := cli.Tree()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	cmd := root
	for len(words) > 0 && words[0] != "" && words[0][0] != '-' && cmd.HasSubCommands() {
		if placeholder.MatchString(words[0]) {
			return nil // plumb COMMAND --json
		}
		if cmd == root && words[0] == "man" {
			return nil // of the library that runs the command line
		}
		i := slices.IndexFunc(cmd.Commands(), func(sub *cobra.Command) bool { return sub.Name() == words[0] })
		if i < 0 {
			if !cmd.Runnable() {
				return fmt.Errorf("%q has no command %q", cmd.CommandPath(), words[0])
			}
			break
		}
		cmd, words = cmd.Commands()[i], words[1:]
	}
	return checkFlags(cmd, words)
}

func checkFlags(cmd *cobra.Command, words []string) error {
	cmd.InitDefaultHelpFlag()
	cmd.InheritedFlags() // merges those of all commands into Flags
	flags := cmd.Flags()
	for i := 0; i < len(words); i++ {
		w := words[i]
		name, value, given := strings.Cut(strings.TrimLeft(w, "-"), "=")
		name = strings.TrimRight(name, ".,")
		switch {
		case w == "--":
			return nil // what follows is another program's
		case len(w) < 2 || w[0] != '-' || placeholder.MatchString(w):
			continue
		case w[1] != '-' && len(name) > 1: // -n7000
			name, value, given = name[:1], name[1:], true
		}
		f := flags.Lookup(name)
		if w[1] != '-' {
			f = flags.ShorthandLookup(name)
		}
		if name == "version" && !cmd.HasParent() {
			continue // of the library that runs the command line
		}
		if f == nil {
			return fmt.Errorf("%q has no flag %s", cmd.CommandPath(), w)
		}
		if !given && f.NoOptDefVal == "" {
			if i++; i >= len(words) {
				continue // named in prose: its value is of no interest
			}
			value, given = words[i], true
		}
		if given && !placeholder.MatchString(value) {
			if err := f.Value.Set(value); err != nil {
				return fmt.Errorf("%s %s: %w", w, value, err)
			}
		}
	}
	return nil
}

var verb = regexp.MustCompile(`(?m)^([a-z][a-z/_-]*):`)

func makeVerbs(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range verb.FindAllStringSubmatch(string(text), -1) {
		names = append(names, m[1])
	}
	return names
}

func checkMake(verbs, words []string) error {
	for _, w := range words {
		if !strings.Contains(w, "=") && !slices.Contains(verbs, w) {
			return fmt.Errorf("the Makefile has no verb %q", w)
		}
	}
	return nil
}

// checkGo looks for the packages of "go run ./test/bench -gb 1" and "go test ./test/docs".
func checkGo(words []string) error {
	for _, w := range words {
		if strings.HasPrefix(w, "./") && !strings.Contains(w, "...") {
			if _, err := os.Stat(filepath.Join(top, filepath.FromSlash(w))); err != nil {
				return fmt.Errorf("no package %s", w)
			}
		}
	}
	return nil
}
