package lintcmd

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/heapcmd"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/lint"
	"github.com/plumb-dev/plumb/internal/lint/config"
	"github.com/plumb-dev/plumb/internal/lint/lsp"
	"github.com/plumb-dev/plumb/internal/lint/rule"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// lintFlags are the flags of plumb lint.
type lintFlags struct {
	failOn, explain, stdin string
	sarif, github, lsp     bool
	snapshots              []string
	requests               int
}

func newLintCommand(ui *terminal.UI) *cobra.Command {
	var flags lintFlags
	cmd := &cobra.Command{
		Use:   "lint [PATH...]",
		Short: "Find causes of leaks in source code",
		Long: "Read JavaScript, TypeScript and JSX below the paths (without one: here) and point\n" +
			"at the lines that can leak: what a request adds and nothing takes away.\n\n" +
			"Errors are wrong whatever runs. A suspicion leaks when its line runs often enough:\n" +
			"heap snapshots of the program confirm it, which makes it an error, or clear it.\n\n" +
			"What git ignores, node_modules, tests and minified files are left out, unless they\n" +
			"are named. plumb.yaml sets severities, globs and globals. A comment suppresses a\n" +
			"finding: // plumb-disable-next-line RULE -- why\n\n" +
			"Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 usage or failure.",
		Example: "plumb lint\n" +
			"plumb lint src --fail-on suspicion\n" +
			"plumb lint --explain unbounded-cache\n" +
			"plumb lint --sarif > lint.sarif\n" +
			"plumb lint src --snapshots before.heapsnapshot after.heapsnapshot",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runLint(ui, cmd, args, &flags)
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.failOn, "fail-on", "warning", "exit 1 from this severity on: suspicion, warning or error")
	f.StringVar(&flags.explain, "explain", "", "print what a rule finds, why it leaks and how to mend it")
	f.StringVar(&flags.stdin, "stdin", "", "read one text from the standard input; =PATH says where it belongs")
	f.Lookup("stdin").NoOptDefVal = "stdin.js"
	f.BoolVar(&flags.sarif, "sarif", false, "print the findings as SARIF 2.1.0")
	f.BoolVar(&flags.github, "github", false, "print annotations for a workflow of GitHub")
	f.BoolVar(&flags.lsp, "lsp", false, "be a language server for an editor, on the standard streams")
	f.StringSliceVar(&flags.snapshots, "snapshots", nil, "heap snapshots that confirm or clear suspicions; two and more, in their order")
	f.IntVarP(&flags.requests, "requests", "n", 0, "requests between two snapshots: counts become \"per request\"")
	heapcmd.AddIndexFlag(cmd)
	return cmd
}

func runLint(ui *terminal.UI, cmd *cobra.Command, paths []string, flags *lintFlags) error {
	if flags.explain != "" {
		return explain(ui, cmd, flags.explain)
	}
	if flags.lsp {
		err := lsp.Serve(cmd.Context(), ui.In, ui.Out, ui.Version)
		return terminal.WithHint(err, "--lsp is for editors: they start it and speak the Language Server Protocol with it; see docs/lint.md")
	}
	paths, snapshots := sortArguments(paths, flags.snapshots)
	form, err := chooseForm(ui, cmd, flags)
	if err != nil {
		return err
	}
	threshold := rule.Severity(flags.failOn)
	if !slices.Contains([]rule.Severity{rule.Suspicion, rule.Warning, rule.Error}, threshold) {
		return terminal.UsageError(cmd, "%s: --fail-on %q is not suspicion, warning or error", cmd.CommandPath(), flags.failOn)
	}
	cfg, err := config.Find(".")
	if err != nil {
		return configError(err)
	}
	var result *lint.Result
	if cmd.Flag("stdin").Changed {
		result, err = readStdin(ui, cmd, paths, flags.stdin, cfg)
	} else {
		result, err = readPaths(ui, cmd, paths, cfg)
	}
	if err != nil {
		return err
	}
	if len(snapshots) > 0 {
		if err := judge(ui, cmd, result, snapshots, flags.requests); err != nil {
			return err
		}
	}
	if err := show(ui, result, form, len(snapshots) > 0); err != nil {
		return err
	}
	return verdict(result, paths, threshold)
}

// verdict is the exit code.
func verdict(result *lint.Result, paths []string, threshold rule.Severity) error {
	switch {
	case result.Files == 0 && len(result.Problems) > 0:
		return terminal.WithHint(errors.New("lint: no file could be looked at"), "the reasons are in the result")
	case result.Files == 0:
		return terminal.WithHint(fmt.Errorf("lint: no sources in %s", strings.Join(paths, ", ")),
			"sources end in .js, .mjs, .cjs, .jsx, .ts, .mts, .cts or .tsx; name a file or folder that is left out by default to have it looked at")
	case slices.ContainsFunc(result.Findings, func(f lint.Finding) bool { return f.AtLeast(threshold) }):
		return terminal.FoundLeak
	default:
		return nil
	}
}

// manyFiles take long enough to show progress.
const manyFiles = 500

func readPaths(ui *terminal.UI, cmd *cobra.Command, paths []string, cfg *config.Config) (*lint.Result, error) {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	progress, done := terminal.Progress(cmd.Context(), ui, "lint")
	report := func(n, all int) {
		if progress != nil && all > manyFiles {
			progress(heap.Progress{Phase: "read sources", Done: int64(n), Total: int64(all)})
		}
	}
	result, err := lint.Run(cmd.Context(), paths, cfg, report)
	done()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, terminal.WithHint(fmt.Errorf("lint: %w", err), "check the path; without one, the current folder is looked at")
	}
	return result, err
}

func readStdin(ui *terminal.UI, cmd *cobra.Command, paths []string, name string, cfg *config.Config) (*lint.Result, error) {
	if len(paths) > 0 {
		return nil, terminal.UsageError(cmd, "%s: --stdin and %s exclude each other; --stdin=PATH says where the text belongs", cmd.CommandPath(), paths[0])
	}
	data, err := io.ReadAll(io.LimitReader(ui.In, syntax.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the standard input: %w", err)
	}
	result := lint.Text(cmd.Context(), name, string(data), cfg)
	return result, cmd.Context().Err()
}

// configError gives the reason of a configuration its hint.
func configError(err error) error {
	var wrong *config.Error
	if errors.As(err, &wrong) && wrong.Hint != "" {
		return terminal.WithHint(err, "%s", wrong.Hint)
	}
	return err
}

// explanation is a rule with its documentation.
type explanation struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	Title    string `json:"title"`
	Markdown string `json:"markdown"`
}

// explain prints the documentation of a rule.
func explain(ui *terminal.UI, cmd *cobra.Command, id string) error {
	r, ok := rule.Find(id)
	if !ok {
		var ids []string
		for _, r := range rule.All() {
			ids = append(ids, r.ID)
		}
		return terminal.WithHint(fmt.Errorf("%s: there is no rule %q", cmd.CommandPath(), id), "the rules are %s", strings.Join(ids, ", "))
	}
	return ui.Print(terminal.Result{
		Text: func(w io.Writer) error { _, err := io.WriteString(w, r.Doc()); return err },
		JSON: explanation{r.ID, string(r.Severity), r.Title(), r.Doc()},
	})
}
