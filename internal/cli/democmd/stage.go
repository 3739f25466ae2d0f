package democmd

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// stage is where the demo plays: a folder, the programs that run there, the terminal.
type stage struct {
	ctx     context.Context //nolint:containedctx // of one run
	ui      *terminal.UI
	plumb   string // the program
	dir     string
	chapter int
	cast    []*process // what was started

	leaky   *process // the server of the first part
	kept    *process // plumb run with the server of the second
	url     string   // where the server answers
	mailbox *mailbox
	metrics string // where plumb run answers
	monitor string // where plumb monitor answers
	pages   bool   // in the browser, too
	told    bool   // to the end
	begun   time.Time
}

//go:embed files
var files embed.FS

func newStage(ctx context.Context, ui *terminal.UI) (*stage, error) {
	plumb, err := self()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "plumb-demo-")
	if err != nil {
		return nil, err
	}
	s := &stage{ctx: ctx, ui: ui, plumb: plumb, dir: dir, begun: time.Now()}
	for _, name := range []string{"server.js", "fixed.js"} {
		if err := s.place(name); err != nil {
			return nil, errors.Join(err, s.leave())
		}
	}
	return s, nil
}

// place puts a file into the folder, with values for the words in it.
func (s *stage) place(name string, replace ...string) error {
	text, err := files.ReadFile("files/" + name)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.dir, name), []byte(strings.NewReplacer(replace...).Replace(string(text))), 0o600)
}

// leave ends everything and removes the folder. What is left then is an error.
func (s *stage) leave() error {
	var left []string
	for _, p := range slices.Backward(s.cast) {
		if err := p.end(); err != nil {
			left = append(left, fmt.Sprintf("%s (process %d): %v", p.name, p.cmd.Process.Pid, err))
		}
	}
	if s.mailbox != nil {
		s.mailbox.close()
	}
	err := os.RemoveAll(s.dir)
	if len(left) > 0 {
		err = errors.Join(err, fmt.Errorf("the demo has left %s", strings.Join(left, ", ")))
	}
	return err
}

// lastWords tells what the programs have said that run still, where something failed.
func (s *stage) lastWords() {
	const lines = 5
	for _, p := range s.cast {
		if text, _ := p.output(); !p.hasEnded() {
			all := strings.Split(strings.TrimSpace(text), "\n")
			fmt.Fprintf(s.ui.Err, "%s said:\n  %s\n", p.name, strings.Join(all[max(0, len(all)-lines):], "\n  "))
		}
	}
}

// width is that of the text: a terminal's, where it is not too wide to be read.
func (s *stage) width() int {
	const widest = 100
	if w := s.ui.Width(); w > 0 {
		return min(w, widest)
	}
	return 80
}

func (s *stage) title(text string) {
	s.chapter++
	style := ansi.Style{}.Bold()
	fmt.Fprintf(s.ui.Out, "\n%s\n\n", s.ui.PaintFor(s.ui.Out, style, fmt.Sprintf("── %d. %s ", s.chapter, text)+strings.Repeat("─", max(0, s.width()-len(text)-8))))
}

// say tells what happens next.
func (s *stage) say(format string, args ...any) {
	fmt.Fprintf(s.ui.Out, "%s\n\n", ansi.Wordwrap(fmt.Sprintf(format, args...), s.width(), ""))
}

// quote shows text that is not the demo's own.
func (s *stage) quote(text string) {
	for line := range strings.Lines(strings.TrimRight(text, "\n") + "\n") {
		fmt.Fprintf(s.ui.Out, "  %s", line)
	}
	fmt.Fprintln(s.ui.Out)
}

// file shows a file of the folder.
func (s *stage) file(name string) error {
	text, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		return err
	}
	fmt.Fprintf(s.ui.Out, "%s\n", s.dim(name))
	s.quote(string(text))
	return nil
}

func (s *stage) dim(text string) string {
	return s.ui.PaintFor(s.ui.Out, ansi.Style{}.Faint(), text)
}

// command is plumb with arguments, in the folder and with a state of its own.
func (s *stage) command(program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(s.ctx, program, args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(),
		"XDG_STATE_HOME="+filepath.Join(s.dir, "state"), "XDG_RUNTIME_DIR=", "NO_COLOR=1",
		fmt.Sprintf("COLUMNS=%d", s.width()-2))
	return cmd
}

// show shows a command and the first lines of what it prints, all of them when lines is
// 0. It must end with an exit code.
func (s *stage) show(code, lines int, args ...string) (string, error) {
	s.types("plumb " + typed(args))
	cmd := s.command(s.plumb, args...)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		return "", err
	}
	s.quote(head(strings.TrimSpace(string(out)), lines))
	if got := cmd.ProcessState.ExitCode(); got != code {
		return "", fmt.Errorf("plumb %s: exit code %d, want %d: %s", args[0], got, code, strings.TrimSpace(said.String()))
	}
	return string(out), nil
}

// read has plumb print JSON, and shows none of it.
func (s *stage) read(into any, args ...string) error {
	out, err := s.command(s.plumb, append(args, "--json")...).Output()
	if err != nil {
		return fmt.Errorf("plumb %s: %w", args[0], err)
	}
	return json.Unmarshal(out, into)
}

// types shows a command line.
func (s *stage) types(line string) {
	fmt.Fprintf(s.ui.Out, "%s\n\n", s.ui.PaintFor(s.ui.Out, ansi.Style{}.Bold(), "$ "+line))
}

// runs starts plumb with arguments, to run until the demo ends it.
func (s *stage) runs(args ...string) (*process, error) {
	s.types("plumb " + typed(args) + " &")
	return s.begin(s.command(s.plumb, args...), "plumb "+args[0])
}

// typed is arguments as a person types them, the long one of them shortened.
func typed(args []string) string {
	words := slices.Clone(args)
	for i, arg := range words {
		if len(arg) > 60 {
			arg = arg[:30] + "..."
		}
		if strings.ContainsAny(arg, " ()") {
			arg = "'" + arg + "'"
		}
		words[i] = arg
	}
	return strings.Join(words, " ")
}

// head is the first lines of a text.
func head(text string, lines int) string {
	all := strings.Split(text, "\n")
	switch {
	case lines == 0 || len(all) <= lines+1:
		return text
	case lines == 1:
		return all[0]
	}
	return strings.TrimRight(strings.Join(all[:lines], "\n"), "\n") + fmt.Sprintf("\n... %d lines more", len(all)-lines)
}
