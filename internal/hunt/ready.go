package hunt

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
)

// NotReadyError is a program that could not be loaded.
type NotReadyError struct {
	Waited time.Duration
	For    string // what was waited for
	Output string // the program's last lines
}

func (e *NotReadyError) Error() string {
	return fmt.Sprintf("wait for the program: %s within %s", e.For, e.Waited.Round(time.Second))
}

const phaseWait = "wait"

// DiedError is a program that ended in the middle of a hunt.
type DiedError struct {
	Phase  string
	Exit   *node.Exit // nil for an attached one
	Output string     // its last lines
}

// Early says whether it was never ready.
func (e *DiedError) Early() bool { return e.Phase == phaseWait }

func (e *DiedError) Error() string {
	when := "during " + e.Phase
	if e.Early() {
		when = "before it was ready"
	}
	if e.Exit == nil {
		return "the program ended " + when
	}
	return fmt.Sprintf("the program ended %s: %s", when, e.Exit)
}

// tell is when a wait is long enough to say what for.
const tell = 3 * time.Second

// poll is how often a condition is looked at that nobody tells us about.
const poll = 50 * time.Millisecond

// waitReady returns the program's own address, with the path /, when the
// conditions of the plan hold.
func (h *hunter) waitReady(ctx context.Context) (string, error) {
	r := h.plan.Ready
	ctx, cancel := context.WithTimeoutCause(ctx, r.Timeout, errTimeout)
	defer cancel()
	fail := func(what string) error {
		if errors.Is(context.Cause(ctx), errTimeout) {
			return &NotReadyError{r.Timeout, what, h.output.String()}
		}
		return context.Cause(ctx)
	}
	if r.Delay > 0 {
		if !sleep(ctx, r.Delay) {
			return "", fail("the delay did not end")
		}
	}
	if r.Line != nil {
		select {
		case <-h.output.found:
		case <-ctx.Done():
			return "", fail(fmt.Sprintf("no line matched %q", r.Line))
		}
	}
	given := r.URL
	for _, address := range h.plan.Drive.URLs {
		if given == "" && len(address) > 0 && address[0] != '/' {
			given = address
		}
	}
	if given != "" {
		for !answers(ctx, given) {
			if !sleep(ctx, poll) {
				return "", fail("nothing answered at " + given)
			}
		}
		u, err := url.Parse(given)
		if err != nil {
			return "", err
		}
		return u.Scheme + "://" + u.Host + "/", nil
	}
	if h.plan.Drive.Command != "" && (r.Delay > 0 || r.Line != nil) {
		return h.address(ctx), nil // it need not listen at all
	}
	for start := time.Now(); ; {
		if h.address(ctx) != "" && sleep(ctx, poll) { // a moment, in which it opens the others
			if chosen := h.chosen(ctx); chosen != "" {
				return chosen, nil
			}
		}
		if waited := time.Since(start); waited > tell && waited < tell+2*poll {
			h.note("no port is open yet that answers HTTP; up to %.0f s are waited (see --ready-url, --ready-line, --ready-delay)", r.Timeout.Seconds())
		}
		if !sleep(ctx, poll) {
			return "", fail("no port was opened that answers HTTP")
		}
	}
}

var errTimeout = errors.New("timed out")

// address asks the ports that the program listens on for HTTP, the lowest
// first: "" when none answers.
func (h *hunter) address(ctx context.Context) string {
	for _, at := range h.listening(ctx) {
		for _, scheme := range []string{"http", "https"} {
			if address := scheme + "://" + at + "/"; answers(ctx, address) {
				return address
			}
		}
	}
	return ""
}

// chosen is the address to load, with a word on those that are not.
func (h *hunter) chosen(ctx context.Context) string {
	address := h.address(ctx)
	if ports := h.listening(ctx); len(ports) > 1 {
		h.note("the program listens on %s; %s is loaded, --url picks another", strings.Join(ports, ", "), address)
	}
	return address
}

// serversExpression lists the ports of the program's servers.
const serversExpression = `(process._getActiveHandles ? process._getActiveHandles() : [])
  .map((h) => h && h.listening && h.address ? h.address() : null)
  .filter((a) => a && a.port).map((a) => a.port)`

// listening asks the system for the program's ports and, where it does not know
// the program (another machine, a container), the program itself.
func (h *hunter) listening(ctx context.Context) []string {
	addresses := h.process.Listening()
	target, err := url.Parse(h.plan.Attach)
	if len(addresses) > 0 || err != nil || target.Host == "" {
		return addresses
	}
	var ports []int
	_ = h.process.Evaluate(ctx, serversExpression, &ports) // not every runtime tells
	for _, port := range ports {
		addresses = append(addresses, net.JoinHostPort(target.Hostname(), strconv.Itoa(port)))
	}
	return addresses
}

// answers says whether HTTP is spoken at an address. The status does not matter.
func answers(ctx context.Context, address string) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, address, http.NoBody)
	if err != nil {
		return false
	}
	client := http.Client{
		Transport: &http.Transport{
			DisableKeepAlives: true,
			TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // whether it answers, not who
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return true
}

// sleep waits; false when ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}
