// Package guard decides who may ask the page's server.
//
// A server of plumb listens on this machine only. That keeps other machines out, but
// neither other users of this one nor web pages that are open in a browser here: a
// page can send requests to 127.0.0.1 (cross-site request forgery), or have its own
// name resolve to it and read the answers, too (DNS rebinding). So:
//
//   - Requests must be addressed to this machine by a name that nobody else can
//     give away: an address or localhost.
//   - What is below /api/ wants the server's token: as a cookie, or as
//     "Authorization: Bearer TOKEN". The cookie is set when the page is opened with
//     ?token=TOKEN, the address that plumb prints; it is SameSite=Strict and out of
//     reach for scripts.
//   - Requests that change something must come from our own page, or from no page.
//
// The page's own files hold nothing of the user's and go to anyone.
package guard

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/plumb-dev/plumb/internal/web/problem"
)

// NewToken makes a token that nobody can guess.
func NewToken() string { return rand.Text() }

// Guard lets requests through to Next.
type Guard struct {
	Token string // "" asks for none
	Next  http.Handler
}

func (g *Guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !namesThisMachine(r.Host) {
		problem.New(http.StatusForbidden, fmt.Errorf("this server is not %q", r.Host), "ask for it by an address, as http://127.0.0.1:PORT, or as http://localhost:PORT").Write(w)
		return
	}
	if err := new(http.CrossOriginProtection).Check(r); err != nil {
		problem.New(http.StatusForbidden, errors.New("the request comes from a page of another origin"), "").Write(w)
		return
	}
	if !isAPI(r) && SignIn(w, r, g.valid) {
		return
	}
	if isAPI(r) && g.Token != "" && !SignedIn(r, g.valid) {
		problem.New(http.StatusUnauthorized, errors.New("this server wants its token"), "open the address that plumb printed: it ends in ?token=...").Write(w)
		return
	}
	g.Next.ServeHTTP(w, r)
}

func isAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }

func (g *Guard) valid(token string) bool { return g.Token != "" && equal(token, g.Token) }

// SignIn answers a request for an address with a token (?token=...): a valid one becomes
// a cookie, so that it stays neither in the address bar nor in the history. It is false,
// and has not answered, where there is no token in the address.
func SignIn(w http.ResponseWriter, r *http.Request, valid func(token string) bool) bool {
	token := r.URL.Query().Get("token")
	if token == "" || r.Method != http.MethodGet {
		return false
	}
	if valid(token) {
		http.SetCookie(w, &http.Cookie{
			Name: cookieName(r), Value: token, Path: "/", HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode,
		})
	}
	to := *r.URL
	query := to.Query()
	query.Del("token")
	to.RawQuery = query.Encode()
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Cache-Control", "no-store")
	// A path alone: "//host" at its start would lead elsewhere.
	http.Redirect(w, r, "/"+strings.TrimLeft(to.RequestURI(), "/"), http.StatusSeeOther)
	return true
}

// SignedIn tells whether a request brings a valid token: in a cookie of [SignIn]'s, or
// as Authorization: Bearer.
func SignedIn(r *http.Request, valid func(token string) bool) bool {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return valid(token)
	}
	cookie, err := r.Cookie(cookieName(r))
	return err == nil && valid(cookie.Value)
}

// cookieName differs by port: browsers send one cookie to all ports of a host.
func cookieName(r *http.Request) string {
	_, port, _ := net.SplitHostPort(r.Host)
	return "plumb" + port
}

func equal(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// namesThisMachine tells whether a Host header is an address or localhost: nobody
// can make those resolve to something else.
func namesThisMachine(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return host == "localhost" || net.ParseIP(strings.Trim(host, "[]")) != nil
}
