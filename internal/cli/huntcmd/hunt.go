package huntcmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/page"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/hunt"
	"github.com/plumb-dev/plumb/internal/leak/source"
	"github.com/plumb-dev/plumb/internal/lint/evidence"
	"github.com/plumb-dev/plumb/internal/node"
	"github.com/plumb-dev/plumb/internal/report"
)

// huntFlags are the flags of plumb hunt.
type huntFlags struct {
	open bool
	page page.Flags

	urls, headers             []string
	requests, rounds          int
	warmup, connections       int
	method, body              string
	drive, script             string
	readyURL, readyLine       string
	readyDelay, readyTimeout  time.Duration
	budget                    string
	baseline, writeBaseline   string
	expectFixed               string
	out                       string
	appOutput, force, ownHost bool
	report                    terminal.ReportFlags
}

func newHuntCommand(ui *terminal.UI) *cobra.Command {
	var flags huntFlags
	cmd := &cobra.Command{
		Use:   "hunt [flags] -- COMMAND... | hunt PID|URL",
		Short: "Start a program, load it, and name what leaks: variable, file and line",
		Long: "Start a Node.js program (or attach to one that runs), send it requests in rounds,\n" +
			"and look at what each round leaves behind. When memory does not stay where it\n" +
			"is, snapshots name the variable, the file and the line. Nothing is changed in\n" +
			"the program, and nothing stays behind.\n\n" +
			"URL, headers and body may hold {{n}}, {{uuid}} and {{random}}, which make each\n" +
			"request different.\n\n" +
			"Exit codes: 0 no leak, 1 a leak (or a budget exceeded, or not fixed),\n" +
			"2 the hunt failed, 3 not enough evidence.",
		Example: "plumb hunt -- node app.js\n" +
			"plumb hunt --url '/items?id={{n}}' --url /health -- npm start\n" +
			"plumb hunt -m POST --body '{\"user\":\"{{uuid}}\"}' -H 'Content-Type: application/json' --url /login -- node app.js\n" +
			"plumb hunt --script shop.har --out before -- node app.js\n" +
			"plumb hunt --expect-fixed before/hunt.json -- node app.js\n" +
			"plumb hunt --budget 100B/request 4711",
		Args:        terminal.Takes("COMMAND...|PID|URL"),
		Annotations: terminal.NoCSV,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runHunt(ui, cmd, args, &flags)
		},
	}
	f := cmd.Flags()
	f.StringArrayVarP(&flags.urls, "url", "u", nil, "address or path to load, in turns when given again (default: / at the port the program opens)")
	f.IntVarP(&flags.requests, "requests", "n", 0, "requests a round (default: what is answered in two seconds, 100 to 1000)")
	f.IntVar(&flags.rounds, "rounds", 0, "rounds to measure (default 5)")
	f.IntVar(&flags.warmup, "warmup", 0, "requests before the first round, -1 for none (default 500, or five seconds)")
	f.IntVarP(&flags.connections, "connections", "c", 0, "connections at the same time (default 10)")
	f.StringVarP(&flags.method, "method", "m", "", "method of the requests (default GET)")
	f.StringArrayVarP(&flags.headers, "header", "H", nil, "header of the requests, as 'Name: value'")
	f.StringVar(&flags.body, "body", "", "body of the requests, or @FILE")
	f.StringVar(&flags.drive, "drive", "", "command that makes one round of work, with PLUMB_URL, PLUMB_PID, PLUMB_ROUND and PLUMB_REQUESTS set")
	f.StringVar(&flags.script, "script", "", "file with a sequence of requests: .http or HAR")
	f.StringVar(&flags.readyURL, "ready-url", "", "the program is ready when this address answers")
	f.StringVar(&flags.readyLine, "ready-line", "", "... when it prints a line that matches this expression")
	f.DurationVar(&flags.readyDelay, "ready-delay", 0, "... when this time has passed")
	f.DurationVar(&flags.readyTimeout, "ready-timeout", 0, "give up waiting after this time (default 1m)")
	f.StringVar(&flags.budget, "budget", "", "bytes that a request may leave behind, as 100B/request: fail above, pass below")
	f.StringVar(&flags.baseline, "baseline", "", "file of known leaks, which pass")
	f.StringVar(&flags.writeBaseline, "write-baseline", "", "write the leaks found to this file")
	f.StringVar(&flags.expectFixed, "expect-fixed", "", "hunt.json of an earlier hunt: pass when its leak is gone")
	f.StringVar(&flags.out, "out", "", "keep everything in this folder: snapshots, samples, the report in all forms")
	f.BoolVar(&flags.appOutput, "app-output", false, "show what the program prints, on the standard error")
	f.BoolVar(&flags.force, "force", false, "take snapshots although memory is short")
	f.BoolVar(&flags.ownHost, "i-own-this-host", false, "allow load on a public address")
	f.BoolVar(&flags.open, "open", false, "show the report in the browser, and the snapshots beside it")
	flags.page.Add(cmd)
	flags.report.Add(cmd)
	return cmd
}

func runHunt(ui *terminal.UI, cmd *cobra.Command, args []string, flags *huntFlags) error {
	format, err := ui.ReportFormat(cmd, &flags.report)
	if err != nil {
		return err
	}
	plan, err := huntPlan(cmd, args, flags)
	if err != nil {
		return err
	}
	demands, err := readDemands(cmd, flags)
	if err != nil {
		return err
	}
	sources, err := evidence.NewSources(cmd.Context())
	if err != nil {
		return terminal.WithHint(err, "the linter's suspicions are looked for as this file says; %q tells what it may have", "plumb lint")
	}
	plan.Names = sources.Names
	remove, err := huntFolder(&plan, flags.out)
	if err != nil {
		return err
	}
	defer remove()
	var log *os.File
	if log, err = os.OpenFile(filepath.Join(plan.Dir, "program.log"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600); err != nil {
		return fmt.Errorf("keep the program's output: %w", err)
	}
	defer log.Close()
	plan.Output = log
	if flags.appOutput {
		plan.Output = ui.Err
	}
	show := &huntProgress{ui: ui, ctx: cmd.Context()}
	plan.Progress = show.event
	result, failed := hunt.Run(cmd.Context(), plan)
	show.done()
	if result == nil || failed != nil && len(result.Rounds) == 0 {
		return huntError(cmd.Context(), ui, failed)
	}
	if flags.out == "" {
		result.Files = nil
	}
	if judged := demands.judge(result); judged != nil {
		return judged
	}
	sources.Judge(result.Result)
	evidence.Explain(cmd.Context(), result.Findings, source.ReadFile)
	r := result.Report(terminal.WorkingFolder())
	r.Version, r.Bytes = ui.Version, ui.Bytes
	if err := errors.Join(ui.WriteReport(r, format, flags.report.Output), keepReports(r, flags.out)); err != nil {
		return err
	}
	if flags.out != "" {
		ui.Note("everything is in %s", flags.out)
	}
	if flags.open {
		if err := flags.show(cmd.Context(), ui, r, plan.Dir); err != nil {
			return err
		}
	}
	if failed != nil {
		return huntError(cmd.Context(), ui, failed)
	}
	switch result.Outcome() {
	case hunt.Fail:
		return terminal.FoundLeak
	case hunt.Unknown:
		return terminal.NotEnoughEvidence
	default:
		return nil
	}
}

var pidOrAddress = regexp.MustCompile(`^(\d+|(ws|http)s?://.*)$`)

// huntPlan is what the command line asks for.
func huntPlan(cmd *cobra.Command, args []string, flags *huntFlags) (hunt.Plan, error) {
	plan := hunt.Plan{
		Options:  huntOptions(cmd),
		Requests: flags.requests, Rounds: flags.rounds, Warmup: flags.warmup, Source: source.ReadFile, Force: flags.force,
		Ready: hunt.Ready{URL: flags.readyURL, Delay: flags.readyDelay, Timeout: flags.readyTimeout},
		Drive: hunt.Drive{
			URLs: flags.urls, Method: strings.ToUpper(flags.method), Header: http.Header{}, Connections: flags.connections,
			Command: flags.drive, IOwnTheHost: flags.ownHost,
		},
	}
	bad := func(format string, args ...any) (hunt.Plan, error) {
		return plan, terminal.UsageError(cmd, cmd.CommandPath()+": "+format, args...)
	}
	dash := cmd.ArgsLenAtDash()
	if dash < 0 && pidOrAddress.MatchString(args[0]) {
		plan.Attach = args[0]
	} else {
		plan.Command = node.Command{Args: args, Stdin: nil}
	}
	switch {
	case dash > 0:
		return bad("%s stands before --, where only flags can", strings.Join(args[:dash], " "))
	case plan.Attach != "" && len(args) > 1:
		return bad("%s is too much: it takes one program", strings.Join(args[1:], " "))
	case flags.requests < 0 || flags.connections < 0:
		return bad("--requests and --connections are not less than 0")
	case flags.rounds != 0 && flags.rounds < 4:
		return bad("--rounds %d: fewer than 4 prove nothing", flags.rounds)
	case flags.drive != "" && flags.script != "":
		return bad("--drive and --script exclude each other")
	case (flags.drive != "" || flags.script != "") && (flags.method != "" || flags.body != "" || len(flags.headers) > 0):
		return bad("-m, -H and --body belong to --url; a script or a command has its own")
	case plan.Attach != "" && flags.readyLine != "":
		return bad("--ready-line needs a program that plumb starts")
	}
	for _, h := range flags.headers {
		name, value, ok := strings.Cut(h, ":")
		if !ok || strings.TrimSpace(name) == "" {
			return bad("--header %q is not 'Name: value'", h)
		}
		http.Header(plan.Drive.Header).Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	for _, u := range flags.urls {
		if !strings.HasPrefix(u, "/") && !strings.HasPrefix(u, "http://") && !strings.HasPrefix(u, "https://") {
			return bad("--url %q begins neither with http:// nor with /", u)
		}
	}
	var err error
	if flags.readyLine != "" {
		if plan.Ready.Line, err = regexp.Compile(flags.readyLine); err != nil {
			return bad("--ready-line: %w", err)
		}
	}
	plan.Drive.Body = []byte(flags.body)
	if file, ok := strings.CutPrefix(flags.body, "@"); ok {
		if plan.Drive.Body, err = os.ReadFile(file); err != nil {
			return plan, terminal.WithHint(fmt.Errorf("read body: %w", err), "--body @FILE sends what is in the file")
		}
	}
	if flags.script != "" {
		if plan.Drive.Script, err = os.ReadFile(flags.script); err != nil {
			return plan, terminal.WithHint(fmt.Errorf("read script: %w", err), "--script takes an .http file or a HAR file")
		}
	}
	return plan, nil
}

// huntFolder is where a hunt keeps its files: the user's, or one that goes.
func huntFolder(plan *hunt.Plan, out string) (remove func(), err error) {
	if out != "" {
		plan.Dir = out
		if err := os.MkdirAll(out, 0o700); err != nil {
			return nil, terminal.WithHint(fmt.Errorf("make folder: %w", err), "choose another --out")
		}
		return func() {}, nil
	}
	plan.Dir, err = os.MkdirTemp("", "plumb-hunt-")
	if err != nil {
		return nil, terminal.WithHint(fmt.Errorf("make folder: %w", err), "set TMPDIR to a folder that is writable")
	}
	return func() { _ = os.RemoveAll(plan.Dir) }, nil
}

// keptForms are the files of a hunt's report.
var keptForms = map[string]report.Format{
	"hunt.json": report.JSON, "report.txt": report.Text, "report.md": report.Markdown, "report.html": report.HTML,
	"report.sarif": report.SARIF, "junit.xml": report.JUnit,
}

func keepReports(r *report.Report, dir string) error {
	if dir == "" {
		return nil
	}
	for name, format := range keptForms {
		if err := terminal.WriteWhole(filepath.Join(dir, name), func(f *os.File) error { return r.Write(f, format) }); err != nil {
			return fmt.Errorf("keep report: %w", err)
		}
	}
	return nil
}

// demands are what a hunt must meet beside not to leak.
type demands struct {
	budget   float64 // less than 0 for none
	baseline *hunt.Baseline
	before   *hunt.Result
	write    string
}

func readDemands(cmd *cobra.Command, flags *huntFlags) (*demands, error) {
	d := &demands{budget: -1, write: flags.writeBaseline}
	if flags.budget != "" {
		var err error
		if d.budget, err = hunt.ParseBudget(flags.budget); err != nil {
			return nil, terminal.WithHint(fmt.Errorf("%s: --budget %w", cmd.CommandPath(), err), "write it as 100B/request or 1.5kB/request")
		}
	}
	if flags.baseline != "" {
		data, err := os.ReadFile(flags.baseline)
		if err == nil {
			d.baseline, err = hunt.ParseBaseline(data)
		}
		if err != nil {
			return nil, terminal.WithHint(fmt.Errorf("--baseline %s: %w", flags.baseline, err), "--write-baseline FILE makes one of what a hunt finds")
		}
	}
	if flags.expectFixed != "" {
		data, err := os.ReadFile(flags.expectFixed)
		if err == nil {
			d.before, err = hunt.ParseResult(data)
		}
		if err != nil {
			return nil, terminal.WithHint(fmt.Errorf("--expect-fixed %s: %w", flags.expectFixed, err),
				"it takes what \"plumb hunt --json\" printed when the program leaked, or DIR/hunt.json of --out DIR")
		}
	}
	return d, nil
}

// judge puts the result beside the demands and writes the new baseline.
func (d *demands) judge(r *hunt.Result) error {
	if d.baseline != nil {
		r.Accept(d.baseline)
	}
	if d.budget >= 0 {
		r.Hold(d.budget)
	}
	if d.before != nil {
		r.CompareWith(d.before)
	}
	if d.write == "" {
		return nil
	}
	return terminal.WriteWhole(d.write, func(f *os.File) error {
		enc := json.NewEncoder(f)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(hunt.NewBaseline(r, d.baseline, terminal.WorkingFolder()))
	})
}
