package call

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/node"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const token = "0123456789abcdef"

func ignore(*diagnosis.Finding) {}

// desk is one behind a server, and a client of it.
func desk(t *testing.T) (*Desk, *Client) {
	t.Helper()
	d := NewDesk(token)
	mux := http.NewServeMux()
	mux.Handle(Path, d.Handler(func(w io.Writer, f *diagnosis.Finding) error { return json.NewEncoder(w).Encode(f) }))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return d, &Client{URL: server.URL, Token: token, HTTP: server.Client()}
}

// watch answers what is asked of a program, as a watch does.
func watch(t *testing.T, p *Program, answer func(why string) (*diagnosis.Finding, error)) {
	t.Helper()
	ended := make(chan struct{})
	go func() {
		for {
			select {
			case c := <-p.Calls:
				c.Answer(answer(c.Why))
			case <-ended:
				return
			}
		}
	}()
	t.Cleanup(func() { close(ended) })
}

func found(id string) func(string) (*diagnosis.Finding, error) {
	return func(why string) (*diagnosis.Finding, error) {
		return &diagnosis.Finding{ID: id, Alarm: diagnosis.Alarm{Text: why}}, nil
	}
}

// refused wants a refusal of a status, with these words in it.
func refused(t *testing.T, err error, status int, words string) {
	t.Helper()
	var r *Refusal
	if !errors.As(err, &r) || r.Status != status || !strings.Contains(r.Text+"; "+r.Hint, words) || r.Hint == "" {
		t.Errorf("%#v, want %d and %q", err, status, words)
	}
}

func TestToken(t *testing.T) {
	d, c := desk(t)
	watch(t, d.Enter("api", 0, 7, ignore), found("f"))
	for name, want := range map[string]struct {
		token  string
		status int
		words  string
	}{
		"none":  {"", http.StatusUnauthorized, "for who has the token"},
		"wrong": {"fedcba9876543210", http.StatusForbidden, "not the token of this plumb"},
		"short": {"0123456789abcde", http.StatusForbidden, "not the token of this plumb"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := (&Client{URL: c.URL, Token: want.token, HTTP: c.HTTP}).Diagnose(t.Context(), Call{})
			refused(t, err, want.status, want.words)
		})
	}
	d.token = ""
	_, err := c.Diagnose(t.Context(), Call{})
	refused(t, err, http.StatusForbidden, "has no token, and takes no calls")
	d.token = token
	if f, err := c.Diagnose(t.Context(), Call{}); err != nil || f.ID != "f" {
		t.Errorf("with the token: %+v, %v", f, err)
	}
	response, err := c.HTTP.Get(c.URL + Path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized || response.Header.Get("WWW-Authenticate") == "" {
		t.Errorf("%s, %v", response.Status, response.Header)
	}
	request, _ := http.NewRequest(http.MethodGet, c.URL+Path, http.NoBody)
	request.Header.Set("Authorization", "Bearer "+token)
	if response, err = c.HTTP.Do(request); err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: %s", response.Status)
	}
}

// TestWhich has a desk find the program that is meant.
func TestWhich(t *testing.T) {
	d, c := desk(t)
	_, err := c.Diagnose(t.Context(), Call{App: "api"})
	refused(t, err, http.StatusNotFound, "no program is watched now")
	for n, id := range []string{"api-0", "api-1"} {
		watch(t, d.Enter("api", n, 100+n, ignore), found(id))
	}
	web := d.Enter("web", 0, 200, ignore)
	watch(t, web, found("web-0"))
	_, err = c.Diagnose(t.Context(), Call{})
	refused(t, err, http.StatusConflict, "name one with app=NAME: there are api instance 0 (pid 100), api instance 1 (pid 101), web instance 0 (pid 200)")
	_, err = c.Diagnose(t.Context(), Call{App: "api", Instance: "2"})
	refused(t, err, http.StatusNotFound, "no such program is watched")
	for want, call := range map[string]Call{
		"api-0": {App: "api", Why: "an alert\r\n\x1b[2Jfires"},
		"api-1": {PID: "101"},
		"web-0": {App: "web", Instance: "0"},
	} {
		f, err := c.Diagnose(t.Context(), call)
		if err != nil || f.ID != want {
			t.Errorf("%+v: %+v, %v", call, f, err)
		} else if call.Why != "" && f.Alarm.Text != "an alert   [2Jfires" {
			t.Errorf("why: %q", f.Alarm.Text)
		}
	}
	web.Leave()
	_, err = c.Diagnose(t.Context(), Call{App: "web"})
	refused(t, err, http.StatusNotFound, "no such program is watched")
}

// TestRefusals words what is in the way.
func TestRefusals(t *testing.T) {
	for status, failure := range map[int]error{
		http.StatusConflict:            fmt.Errorf("%w: it is taken in 3s", diagnosis.ErrNoBaseline),
		http.StatusUnprocessableEntity: diagnosis.ErrNotGrown,
		http.StatusServiceUnavailable:  fmt.Errorf("%w: it needs 2 GB", node.ErrHeadroom),
		http.StatusGone:                &node.Error{Op: "collect garbage", Err: node.ErrGone, Hint: "see its own output"},
		http.StatusGatewayTimeout:      &node.Error{Op: "collect garbage", Err: node.ErrBusy, Hint: "try again"},
	} {
		d, c := desk(t)
		watch(t, d.Enter("api", 0, 7, ignore), func(string) (*diagnosis.Finding, error) { return nil, failure })
		_, err := c.Diagnose(t.Context(), Call{})
		refused(t, err, status, failure.Error())
		// It may be called for again: the program did not stand still.
		_, err = c.Diagnose(t.Context(), Call{})
		refused(t, err, status, failure.Error())
	}
}

// TestLater tells who calls when to call again.
func TestLater(t *testing.T) {
	d, c := desk(t)
	watch(t, d.Enter("api", 0, 7, ignore), func(string) (*diagnosis.Finding, error) {
		return nil, &diagnosis.Later{Err: diagnosis.ErrEarly, In: 1500 * time.Millisecond}
	})
	_, err := c.Diagnose(t.Context(), Call{})
	refused(t, err, http.StatusConflict, diagnosis.ErrEarly.Error())
	if Later(err) != 2*time.Second {
		t.Errorf("in %s", Later(err))
	}
	_, err = c.Diagnose(t.Context(), Call{App: "web"})
	if Later(err) != 0 || Later(nil) != 0 {
		t.Errorf("%v in %s", err, Later(err))
	}
}

// TestOneAtATime holds two calls apart, and lets one that has begun come to its end
// when its caller goes.
func TestOneAtATime(t *testing.T) {
	d, c := desk(t)
	begun, go1 := make(chan struct{}), make(chan struct{})
	api := d.Enter("api", 0, 7, ignore)
	watch(t, api, func(string) (*diagnosis.Finding, error) {
		close(begun)
		<-go1
		return &diagnosis.Finding{ID: "first"}, nil
	})
	watch(t, d.Enter("web", 0, 8, ignore), found("web"))
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		_, err := c.Diagnose(ctx, Call{App: "api"})
		gone <- err
	}()
	<-begun
	_, err := c.Diagnose(t.Context(), Call{App: "web"})
	refused(t, err, http.StatusConflict, "api instance 0 (pid 7) is being diagnosed")
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	_, err = c.Diagnose(t.Context(), Call{App: "web"})
	refused(t, err, http.StatusConflict, "api instance 0 (pid 7) is being diagnosed")
	close(go1)
	for Refused(err) == http.StatusConflict {
		_, err = c.Diagnose(t.Context(), Call{App: "web"})
	}
	if err != nil {
		t.Error(err)
	}
	_, err = c.Diagnose(t.Context(), Call{App: "api"})
	refused(t, err, http.StatusTooManyRequests, "stood still for a diagnosis")
}

// TestAlarmMeanwhile has the alarm go off, or the program end, while somebody calls.
func TestAlarmMeanwhile(t *testing.T) {
	d, c := desk(t)
	api, web := d.Enter("api", 0, 7, ignore), d.Enter("web", 0, 8, ignore)
	called := func(app string, meanwhile func()) (f *diagnosis.Finding, err error) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			f, err = c.Diagnose(t.Context(), Call{App: app})
		}()
		for busy := false; !busy; { // until it waits
			d.mu.Lock()
			busy = d.at != nil
			d.mu.Unlock()
		}
		meanwhile()
		<-done
		return f, err
	}
	f, err := called("api", func() { api.Found(&diagnosis.Finding{ID: "by the alarm"}) })
	if err != nil || f.ID != "by the alarm" {
		t.Errorf("%+v, %v", f, err)
	}
	if f, err = c.Diagnose(t.Context(), Call{App: "api"}); err != nil || f.ID != "by the alarm" {
		t.Errorf("later: %+v, %v", f, err)
	}
	_, err = called("web", web.Leave)
	refused(t, err, http.StatusGone, "web instance 0 (pid 8) has ended")
	web.Found(&diagnosis.Finding{ID: "too late"})
	api.Leave()
	_, err = c.Diagnose(t.Context(), Call{})
	refused(t, err, http.StatusNotFound, "no program is watched now")
}

// TestStranger has the client meet what is no plumb.
func TestStranger(t *testing.T) {
	pages := map[string]string{"/api/findings": "<html>", "/long/api/findings": strings.Repeat(" ", answerLimit+1)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, ok := pages[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, page)
	}))
	defer server.Close()
	c := &Client{URL: server.URL, HTTP: server.Client()}
	if _, err := c.Newest(t.Context(), "api"); err == nil || !strings.Contains(err.Error(), "gives no answer of plumb's") {
		t.Errorf("%v", err)
	}
	if _, err := c.Diagnose(t.Context(), Call{}); Refused(err) != http.StatusNotFound || err.Error() != "it answers 404 Not Found" {
		t.Errorf("%v", err)
	}
	c.URL += "/long"
	if _, err := c.Newest(t.Context(), "api"); err == nil {
		t.Error("any length is read")
	}
}

// TestNewest finds the newest finding of an app.
func TestNewest(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/findings":
			_, _ = io.WriteString(w, `{"rows":[{"id":"web-2","app":"web"},{"id":"api-2","app":"api"},{"id":"api-1","app":"api"}]}`)
		default:
			_, _ = fmt.Fprintf(w, `{"id":%q}`, strings.TrimPrefix(r.URL.Path, "/api/findings/"))
		}
	}))
	defer server.Close()
	c := &Client{URL: server.URL, HTTP: server.Client()}
	for app, want := range map[string]string{"api": "api-2", "": "web-2", "other": ""} {
		f, err := c.Newest(t.Context(), app)
		if err != nil || (f == nil) != (want == "") || f != nil && f.ID != want {
			t.Errorf("%q: %+v, %v", app, f, err)
		}
	}
}
