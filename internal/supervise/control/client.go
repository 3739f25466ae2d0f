package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
	"github.com/plumb-dev/plumb/internal/profile"
	"github.com/plumb-dev/plumb/internal/supervise"
)

// ErrNotRunning says that no plumb keeps up an app of this name.
var ErrNotRunning = errors.New("no plumb keeps up an app of this name")

// Client asks the plumb that keeps an app up.
type Client struct {
	State

	http *http.Client
}

// Dial finds the plumb that keeps an app up.
func Dial(app string) (*Client, error) {
	states, err := States()
	if err != nil {
		return nil, err
	}
	for _, s := range states {
		if s.App == app {
			if c := connect(s); c != nil {
				return c, nil
			}
		}
	}
	return nil, fmt.Errorf("%s: %w", app, ErrNotRunning)
}

// All finds every plumb that keeps apps up, once each.
func All() ([]*Client, error) {
	states, err := States()
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	var list []*Client
	for _, s := range states {
		if seen[s.Socket] {
			continue
		}
		seen[s.Socket] = true
		if c := connect(s); c != nil {
			list = append(list, c)
		}
	}
	return list, nil
}

// Statuses asks every plumb here what its instances do.
func Statuses(ctx context.Context) ([]supervise.Status, error) {
	clients, err := All()
	if err != nil {
		return nil, err
	}
	list := []supervise.Status{}
	for _, c := range clients {
		some, err := c.Status(ctx)
		if err != nil {
			continue // it has just ended
		}
		list = append(list, some...)
	}
	return list, nil
}

// connect is nil when nobody answers: what a plumb that was killed has left.
func connect(s State) *Client {
	dialer := &net.Dialer{}
	conn, err := dialer.Dial("unix", s.Socket)
	if err != nil {
		return nil
	}
	_ = conn.Close()
	return &Client{State: s, http: &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "unix", s.Socket)
		},
	}}}
}

// Status tells how the apps of this plumb are.
func (c *Client) Status(ctx context.Context) ([]supervise.Status, error) {
	return c.list(ctx, http.MethodGet, "/status")
}

// Do has an app restarted, reloaded or stopped: verb is "restart", "reload" or
// "stop".
func (c *Client) Do(ctx context.Context, verb, app string) ([]supervise.Status, error) {
	return c.list(ctx, http.MethodPost, "/apps/"+url.PathEscape(app)+"/"+verb)
}

// Collect collects garbage in an instance.
func (c *Client) Collect(ctx context.Context, app string, instance int) (node.Collected, error) {
	var did node.Collected
	return did, c.ask(ctx, http.MethodPost, inside(app, instance, "collect"), &did)
}

// Capture has a snapshot of an instance written to a path, which is absolute: the
// plumb that keeps the app up has a folder of its own. The limits of the instance
// do not count meanwhile.
func (c *Client) Capture(ctx context.Context, app string, instance int, path, label string) (*node.Record, error) {
	var record node.Record
	query := url.Values{"path": {path}, "label": {label}}
	if err := c.ask(ctx, http.MethodPost, inside(app, instance, "capture")+"?"+query.Encode(), &record); err != nil {
		return nil, err
	}
	return &record, nil
}

// Profile samples the allocations of an instance for a time, ten minutes at most: what
// is still alive at its end, by the functions that made it.
func (c *Client) Profile(ctx context.Context, app string, instance int, during time.Duration) (*profile.Profile, error) {
	var sampled profile.Profile
	query := url.Values{"for": {during.String()}}
	if err := c.ask(ctx, http.MethodPost, inside(app, instance, "profile")+"?"+query.Encode(), &sampled); err != nil {
		return nil, err
	}
	return &sampled, nil
}

func inside(app string, instance int, verb string) string {
	return "/apps/" + url.PathEscape(app) + "/" + strconv.Itoa(instance) + "/" + verb
}

func (c *Client) list(ctx context.Context, method, path string) (list []supervise.Status, err error) {
	return list, c.ask(ctx, method, path, &list)
}

// ask sends a request, and reads its answer into out. A refusal is a *Failure.
func (c *Client) ask(ctx context.Context, method, path string, out any) error {
	response, err := c.send(ctx, method, path)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		var f Failure
		if err := json.NewDecoder(response.Body).Decode(&f); err != nil {
			f.Text = response.Status
		}
		return &f
	}
	if err := json.NewDecoder(response.Body).Decode(out); err != nil {
		return fmt.Errorf("ask plumb (process %d): %w", c.PID, err)
	}
	return nil
}

func (c *Client) send(ctx context.Context, method, path string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://plumb"+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask plumb (process %d): %w", c.PID, err)
	}
	return response, nil
}

// Logs copies the last lines of what an app has printed, and with follow what
// comes, until ctx ends or the app's plumb does.
func (c *Client) Logs(ctx context.Context, w io.Writer, app string, lines int, follow bool) error {
	query := url.Values{"lines": {strconv.Itoa(lines)}}
	if follow {
		query.Set("follow", "1")
	}
	response, err := c.send(ctx, http.MethodGet, "/apps/"+url.PathEscape(app)+"/logs?"+query.Encode())
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(w, response.Body); err != nil && ctx.Err() == nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("read logs of %s: %w", app, err)
	}
	return nil
}
