package call

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/plumb-dev/plumb/internal/diagnosis"
)

// Client asks a plumb.
type Client struct {
	URL   string       // of the plumb: http://127.0.0.1:9464
	Token string       // of its desk; "" leaves it to HTTP to have one
	HTTP  *http.Client // its redirects and time limits are the caller's matter
}

// FindingURL is where a finding is.
func (c *Client) FindingURL(id string) string { return c.URL + "/api/findings/" + url.PathEscape(id) }

// Newest is the newest finding of an app, nil when there is none. "" is any app.
func (c *Client) Newest(ctx context.Context, app string) (*diagnosis.Finding, error) {
	var list struct {
		Rows []struct{ ID, App string }
	}
	if err := c.ask(ctx, http.MethodGet, c.URL+"/api/findings", &list); err != nil {
		return nil, err
	}
	for _, row := range list.Rows { // the newest first
		if app == "" || row.App == app {
			f := &diagnosis.Finding{}
			return f, c.ask(ctx, http.MethodGet, c.FindingURL(row.ID), f)
		}
	}
	return nil, nil
}

// Diagnose has a program diagnosed now, and waits until it is. The error is a
// [Refusal] when the plumb has answered.
func (c *Client) Diagnose(ctx context.Context, call Call) (*diagnosis.Finding, error) {
	f := &diagnosis.Finding{}
	return f, c.ask(ctx, http.MethodPost, c.URL+Path+"?"+call.values().Encode(), f)
}

// answerLimit is more than any finding takes.
const answerLimit = 16 << 20

func (c *Client) ask(ctx context.Context, method, address string, into any) error {
	request, err := http.NewRequestWithContext(ctx, method, address, http.NoBody)
	if err != nil {
		return fmt.Errorf("ask plumb: %w", err)
	}
	if c.Token != "" {
		request.Header.Set("Authorization", "Bearer "+c.Token)
	}
	response, err := c.HTTP.Do(request)
	if err != nil {
		return fmt.Errorf("ask plumb: %w", err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, answerLimit))
	if err != nil {
		return fmt.Errorf("ask plumb: read the answer of %s: %w", c.URL, err)
	}
	if response.StatusCode != http.StatusOK {
		seconds, _ := strconv.Atoi(response.Header.Get("Retry-After")) // it may be a date: 0
		r := &Refusal{Status: response.StatusCode, In: time.Duration(max(0, seconds)) * time.Second}
		if json.Unmarshal(text, r) != nil || r.Text == "" {
			r.Text = "it answers " + response.Status
		}
		return r
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("ask plumb: %s gives no answer of plumb's: %w", c.URL, err)
	}
	return nil
}

// Later tells when a plumb is to be asked again, 0 where it has not said.
func Later(err error) (in time.Duration) {
	var r *Refusal
	if errors.As(err, &r) {
		return r.In
	}
	return 0
}

// Refused tells with which status a plumb has refused, 0 when it was something else.
func Refused(err error) (status int) {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Status
	}
	return 0
}
