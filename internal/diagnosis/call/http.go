package call

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/node"
)

// Path is where a desk is.
const Path = "/api/diagnosis"

// Call says which program is meant, and why. What is "" fits any.
type Call struct {
	App, Instance, PID string
	Why                string // becomes the text of the alarm
}

func (c Call) values() url.Values {
	v := url.Values{}
	for name, text := range map[string]string{"app": c.App, "instance": c.Instance, "pid": c.PID, "why": c.Why} {
		if text != "" {
			v.Set(name, text)
		}
	}
	return v
}

func callOf(v url.Values) Call {
	return Call{App: v.Get("app"), Instance: v.Get("instance"), PID: v.Get("pid"), Why: words(v.Get("why"))}
}

// words makes a line for a terminal of what a caller says.
func words(text string) string {
	const most = 200
	runes := []rune(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, text))
	if len(runes) > most {
		runes = runes[:most]
	}
	if why := strings.TrimSpace(string(runes)); why != "" {
		return why
	}
	return "a diagnosis was called for"
}

// Refusal is why there is no finding.
type Refusal struct {
	Status int    `json:"-"` // of HTTP
	Text   string `json:"error"`
	Hint   string `json:"hint,omitempty"`
	// In is how long who asks again should wait, the header Retry-After; 0 where time
	// mends nothing.
	In time.Duration `json:"-"`
}

func refuse(status int, text, hint string) *Refusal {
	return &Refusal{Status: status, Text: text, Hint: hint}
}

func (r *Refusal) Error() string { return r.Text }

// ServeHTTP is the refusal as an answer, for those who keep no diagnosis.
func (r *Refusal) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if r.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="plumb"`)
	}
	if r.In > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(r.In.Seconds()))))
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(r.Status)
	_ = json.NewEncoder(w).Encode(r)
}

// Handler answers POST [Path]?app=NAME&instance=N&pid=PID&why=TEXT, all of which may
// be left out. write writes a finding as an answer.
func (d *Desk) Handler(write func(io.Writer, *diagnosis.Finding) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if refusal := d.Admit(r); refusal != nil {
			refusal.ServeHTTP(w, r)
			return
		}
		if r.Method != http.MethodPost {
			refuse(http.StatusMethodNotAllowed, "a diagnosis is called for with POST", "findings that are there: GET /api/findings").ServeHTTP(w, r)
			return
		}
		f, err := d.Call(r.Context(), callOf(r.URL.Query()))
		var refusal *Refusal
		switch {
		case errors.As(err, &refusal):
			refusal.ServeHTTP(w, r)
		case f != nil:
			w.Header().Set("Content-Type", "application/json")
			_ = write(w, f)
		}
	})
}

// Admit refuses who has not the token. Where the difference lies does not show in
// the time that it takes.
func (d *Desk) Admit(r *http.Request) *Refusal {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	given, want := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(d.token))
	switch {
	case d.token == "":
		return refuse(http.StatusForbidden, "this plumb has no token, and takes no calls", "give it one with --api-token-file FILE")
	case !ok:
		return refuse(http.StatusUnauthorized, "a diagnosis is for who has the token of this plumb", "Authorization: Bearer TOKEN; the token is what --api-token-file names, or PORT.token in plumb's state folder")
	case subtle.ConstantTimeCompare(given[:], want[:]) != 1:
		return refuse(http.StatusForbidden, "this is not the token of this plumb", "without --api-token-file every start makes a new one")
	default:
		return nil
	}
}

// Call waits for a finding. Both are nil when the caller has gone. The error is a
// [*Refusal].
func (d *Desk) Call(ctx context.Context, c Call) (*diagnosis.Finding, error) {
	p, refusal := d.take(c)
	if refusal != nil {
		return nil, refusal
	}
	type answer struct {
		finding *diagnosis.Finding
		err     error
	}
	answered := make(chan answer, 1)
	order := diagnosis.Call{Why: c.Why, Answer: func(f *diagnosis.Finding, err error) {
		if d.release(p, f); f != nil {
			p.made(f)
		}
		answered <- answer{f, err}
	}}
	select {
	case <-p.over:
		return d.left(p)
	case <-ctx.Done():
		d.release(p, nil)
		return nil, nil
	case p.calls <- order:
	}
	select {
	case a := <-answered:
		return a.finding, refusalOf(a.err)
	case <-ctx.Done():
		return nil, nil
	}
}

// left is what a watch that is over has to say.
func (d *Desk) left(p *Program) (*diagnosis.Finding, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.at == p {
		d.at = nil
	}
	if p.found != nil {
		return p.found, nil
	}
	return nil, refuse(http.StatusGone, p.String()+" has ended", "the next one is compared with its own early days")
}

// refusalOf words what is in the way of a diagnosis; nil for nil.
func refusalOf(err error) error {
	if err == nil {
		return nil
	}
	r := &Refusal{Status: http.StatusInternalServerError, Text: err.Error()}
	var advised interface{ Advice() string }
	var hinted *node.Error
	var later *diagnosis.Later
	if errors.As(err, &later) {
		r.In = later.In
	}
	switch {
	case errors.As(err, &hinted):
		r.Hint = hinted.Hint
	case errors.As(err, &advised):
		r.Hint = advised.Advice()
	}
	for _, kind := range []struct {
		err    error
		status int
		hint   string
	}{
		{diagnosis.ErrNoBaseline, http.StatusConflict, "ask again then; --capture-warmup says when it is taken"},
		{diagnosis.ErrEarly, http.StatusConflict, "ask again then"},
		{diagnosis.ErrNotGrown, http.StatusUnprocessableEntity, "no snapshot was taken"},
		{node.ErrHeadroom, http.StatusServiceUnavailable, "give it more memory, or have plumb look earlier: --capture-at"},
		{node.ErrGone, http.StatusGone, ""},
		{node.ErrBusy, http.StatusGatewayTimeout, ""},
	} {
		if errors.Is(err, kind.err) {
			if r.Status = kind.status; kind.hint != "" {
				r.Hint = kind.hint
			}
			break
		}
	}
	return r
}
