package loadcmd

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/load"
)

// defaultLoad is how long plumb load sends when neither -n nor -t says it.
const defaultLoad = 10 * time.Second

func newLoadCommand(ui *terminal.UI) *cobra.Command {
	var plan load.Plan
	var request requestFlags
	cmd := &cobra.Command{
		Use:   "load URL [URL...]",
		Short: "Send HTTP requests and measure the answers",
		Long: "Send requests to a server and print how many were answered, how fast, and what\n" +
			"went wrong. Several URLs take turns; 3@URL has three turns in a round.\n\n" +
			"{{n}}, {{uuid}} and {{random}} in URL, headers and body make requests unique.\n\n" +
			"Without --rps each connection sends its next request after the answer to the\n" +
			"last one. With it requests are due at a fixed rate, and one that had to wait\n" +
			"for a free connection counts from when it was due.\n\n" +
			"Only loopback and private addresses are loaded, unless the host is yours.\n" +
			"Redirects are counted, not followed. Ctrl-C prints what was measured so far.\n\n" +
			"Exit codes: 0 done, whatever the answers were; 2 no answer at all, or interrupted.",
		Example: "plumb load http://127.0.0.1:3000/ -n 7000 -c 1 -k\n" +
			"plumb load localhost:3000/items/{{n}} 3@localhost:3000/ -t 30 -c 50 -k --rps 500\n" +
			"plumb load localhost:3000/users -n 1000 -T application/json -P '{\"id\": {{random}}}'",
		Args: terminal.Takes("URL", "[URL...]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runLoad(ui, cmd, args, &plan, &request)
		},
	}
	f := cmd.Flags()
	f.Int64VarP(&plan.Requests, "requests", "n", 0, "stop after this many requests")
	f.VarP((*seconds)(&plan.Duration), "max-seconds", "t", "stop after this many seconds; without -n and -t it is 10")
	f.IntVarP(&plan.Connections, "connections", "c", 10, "requests at the same time, each over a connection of its own")
	f.BoolVarP(&plan.KeepAlive, "keep-alive", "k", false, "keep connections open between requests")
	f.Float64Var(&plan.RPS, "rps", 0, "requests due per second, of all connections together")
	f.DurationVar(&plan.Timeout, "timeout", load.DefaultTimeout, "how long a request may take")
	f.BoolVar(&plan.Cookies, "cookies", false, "keep the cookies of each connection and send them back")
	f.BoolVar(&plan.Insecure, "insecure", false, "accept any certificate of an https server")
	f.BoolVar(&plan.IOwnTheHost, "i-own-this-host", false, "send to public addresses, too")
	request.add(cmd)
	return cmd
}

func runLoad(ui *terminal.UI, cmd *cobra.Command, urls []string, plan *load.Plan, request *requestFlags) error {
	for _, flag := range []struct {
		name string
		good bool
	}{
		{"requests", plan.Requests > 0},
		{"max-seconds", plan.Duration > 0},
		{"connections", plan.Connections > 0},
		{"rps", plan.RPS > 0},
		{"timeout", plan.Timeout > 0},
	} {
		if given := cmd.Flag(flag.name); given.Changed && !flag.good {
			return terminal.UsageError(cmd, "%s: --%s is %s and must be more than 0", cmd.CommandPath(), flag.name, given.Value)
		}
	}
	var err error
	if plan.Targets, err = request.targets(cmd, urls); err != nil {
		return err
	}
	if plan.Requests == 0 && plan.Duration == 0 {
		plan.Duration = defaultLoad
	}
	show, done := terminal.Progress(cmd.Context(), ui, hostOf(plan.Targets[0].URL))
	plan.Progress = progressOf(plan, show)
	result, err := load.Run(cmd.Context(), *plan)
	done()
	if result == nil {
		return loadError(cmd, err)
	}
	if err := printLoad(ui, plan, result); err != nil {
		return err
	}
	switch {
	case err != nil:
		return err // interrupted
	case result.Completed == 0:
		return terminal.WithHint(fmt.Errorf("no request was answered: %s", result.Errors[0].Kind), "is the server healthy? See what it prints")
	}
	noteRate(ui, plan, result)
	return nil
}

// noteRate says when the server, or the number of connections, was too small
// for the rate that was asked for.
func noteRate(ui *terminal.UI, plan *load.Plan, r *load.Report) {
	sent := float64(r.Requests) / r.Seconds
	if r.Seconds >= 1 && sent < 0.95*plan.RPS {
		ui.Note("%.0f requests per second were due and %.0f were sent: the server is slower, or -c %d is too little", plan.RPS, sent, plan.Connections)
	}
}

// progressOf shows the progress of a run as that of other work.
func progressOf(plan *load.Plan, show func(heap.Progress)) func(load.Progress) {
	if show == nil {
		return nil
	}
	at := heap.Progress{Phase: "sending requests", Total: plan.Requests}
	return func(p load.Progress) {
		at.Done = p.Sent
		if plan.Requests == 0 {
			at.Done, at.Total = p.Elapsed.Milliseconds(), plan.Duration.Milliseconds()
		}
		show(at)
	}
}

// loadError words a run that never began.
func loadError(cmd *cobra.Command, err error) error {
	var foreign *load.ForeignHostError
	var lookup *load.LookupError
	var connect *load.ConnectError
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &foreign):
		return terminal.WithHint(err, "load only what is yours; if this host is, add --i-own-this-host")
	case errors.As(err, &lookup):
		return terminal.WithHint(err, "check the name; an address such as 127.0.0.1 needs no look-up")
	case !errors.As(err, &connect):
		return terminal.UsageError(cmd, "%s: %w", cmd.CommandPath(), err)
	case connect.Kind == load.Refused:
		return terminal.WithHint(err, "nothing listens there: start the server, or check the port")
	case connect.Kind == load.TLS:
		return terminal.WithHint(err, "--insecure accepts any certificate; a plain server wants http://")
	default:
		return terminal.WithHint(err, "check host and port, and that the server takes connections")
	}
}

func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Host
	}
	return address
}

// seconds is a flag of seconds that takes a duration with a unit, too.
type seconds time.Duration

func (s *seconds) Type() string { return "seconds" }

func (s *seconds) String() string {
	if *s == 0 {
		return "" // no default to show
	}
	return time.Duration(*s).String()
}

func (s *seconds) Set(text string) error {
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		*s = seconds(n * float64(time.Second))
		return nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("%q is neither a number of seconds nor a duration such as 2m", text)
	}
	*s = seconds(d)
	return nil
}
