package monitor

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"

	webguard "github.com/plumb-dev/plumb/internal/web/guard"
	"github.com/plumb-dev/plumb/internal/web/problem"
)

// guard lets in who may ask.
//
// Without a password only this machine reaches us, but so does any web page that is
// open in a browser on it: by a form or script (it says from where: Origin), or under
// a name of its own that it has lead to 127.0.0.1 (Host). Neither gets in.
// Other users of this machine get what Prometheus and Alertmanager would tell them; the
// programs and findings are the user's own, and want a token.
type guard struct {
	next     http.Handler
	open     bool     // no password: only names of this machine are answered
	own      string   // then: a token that we made
	token    [32]byte // hash of it, zero for none
	external string   // host under which people reach us, "" for none
}

// newGuard reads the token, and refuses to listen for others without protection.
func newGuard(o *Options, listening []string) (*guard, error) {
	g := &guard{open: o.TokenFile == "" && o.WebConfigFile == ""}
	if o.TokenFile != "" {
		text, err := os.ReadFile(o.TokenFile)
		if err != nil {
			return nil, &Error{"read the token", err, "--web.token-file takes a file that holds the token alone"}
		}
		token := strings.TrimSpace(string(text))
		if len(token) < 16 {
			return nil, &Error{"read the token", fmt.Errorf("%s has fewer than 16 characters", o.TokenFile), "make one: openssl rand -hex 32"}
		}
		g.token = sha256.Sum256([]byte(token))
	}
	if g.open {
		g.own = webguard.NewToken()
		g.token = sha256.Sum256([]byte(g.own))
	}
	if u, err := url.Parse(o.ExternalURL); err == nil {
		g.external = u.Host
	}
	for _, address := range listening {
		if g.open && !isLocal(address) {
			return nil, &Error{
				"listen at " + address, ErrExposed,
				"give a token with --web.token-file, or TLS and passwords with --web.config.file",
			}
		}
	}
	return g, nil
}

func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case g.open && !g.known(r.Host):
		http.Error(w, fmt.Sprintf("plumb monitor is not %q: ask for localhost, or start it with --web.external-url", r.Host), http.StatusForbidden)
	case !g.sameOrigin(r):
		http.Error(w, "plumb monitor answers no page of another origin", http.StatusForbidden)
	case g.token != [32]byte{} && ofPage(r):
		if !webguard.SignIn(w, r, g.valid) {
			g.next.ServeHTTP(w, r) // the page itself has no secret
		}
	case g.open && !ofUser(r):
		g.next.ServeHTTP(w, r)
	case g.token != [32]byte{} && !webguard.SignedIn(r, g.valid):
		g.refuse(w, r)
	default:
		g.next.ServeHTTP(w, r)
	}
}

// known tells whether a request's Host is a name of this machine.
func (g *guard) known(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	return isLocalHost(strings.Trim(name, "[]")) || host == g.external
}

// sameOrigin tells whether a request comes from no page, or from one of ours.
func (g *guard) sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && (u.Host == r.Host || u.Host == g.external)
}

func (g *guard) valid(token string) bool {
	given := sha256.Sum256([]byte(token))
	return subtle.ConstantTimeCompare(given[:], g.token[:]) == 1
}

// refuse asks for the token, in the form that the asked API has.
func (g *guard) refuse(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("WWW-Authenticate", `Bearer realm="plumb monitor"`)
	if !ofUser(r) {
		http.Error(w, "plumb monitor wants its token: Authorization: Bearer TOKEN, or once in a browser at /?token=TOKEN", http.StatusUnauthorized)
		return
	}
	hint := "open this page once with the token in its address: /?token=TOKEN"
	if g.open {
		hint = "open the address with ?token= that plumb monitor tells in its terminal, or give it a token with --web.token-file"
	}
	problem.New(http.StatusUnauthorized, errors.New("programs and findings want the token"), hint).Write(w)
}
