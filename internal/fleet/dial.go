package fleet

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"
)

// Token is a name and what proves it: a secret that the hub has given out, or the seed
// of an nkey that the operator of a NATS cluster knows.
type Token struct{ Name, Secret string }

// ParseToken reads NAME:SECRET.
func ParseToken(text string) (Token, error) {
	name, secret, ok := strings.Cut(strings.TrimSpace(text), ":")
	if !ok || !IsName(name) || secret == "" {
		return Token{}, errors.New("a token is NAME:SECRET, and the name has letters, digits, - and _")
	}
	return Token{name, secret}, nil
}

func (t Token) String() string { return t.Name + ":" + t.Secret }

// Inbox is the prefix of the subjects at which the owner of the token is answered.
func (t Token) Inbox() string { return "_INBOX." + t.Name }

// Link is how to reach a hub.
type Link struct {
	URL   string // nats://HOST:PORT or tls://HOST:PORT; several with commas between
	Token Token
	CA    string // a file with the certificates that the hub's is signed by; "" for the system's
}

// Check finds what is wrong with the link before anything is sent.
func (l Link) Check() error {
	for one := range strings.SplitSeq(l.URL, ",") {
		u, err := url.Parse(one)
		if err != nil || (u.Scheme != "nats" && u.Scheme != "tls") || u.Hostname() == "" {
			return fmt.Errorf("%q is no nats://HOST:PORT or tls://HOST:PORT", one)
		}
	}
	if l.CA != "" {
		if _, err := os.Stat(l.CA); err != nil {
			return err
		}
	}
	return nil
}

// secretLength is that of the secrets that a hub makes (crypto/rand.Text).
const secretLength = 26

// isSeed tells the seed of a user's nkey, of 58 characters, from a hub's secret, which
// can begin with the same letters. One that was cut is still a seed: as a password it
// would go over the network.
func isSeed(secret string) bool {
	return len(secret) > secretLength && strings.HasPrefix(secret, "SU")
}

// Dial connects. A hub that is away is tried again when more says so, also if it was
// never there; else it is the error.
func (l Link) Dial(name string, more ...nats.Option) (*nats.Conn, error) {
	options := []nats.Option{
		nats.Name(name), nats.MaxReconnects(-1), nats.ReconnectWait(time.Second), nats.Timeout(5 * time.Second),
		nats.CustomInboxPrefix(l.Token.Inbox()), nats.IgnoreAuthErrorAbort(),
		// What was written to a hub that is away is written anew, by who wrote it.
		nats.ReconnectBufSize(-1),
		nats.PingInterval(10 * time.Second), nats.MaxPingsOutstanding(2),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}), // else it prints
	}
	if l.CA != "" {
		options = append(options, nats.RootCAs(l.CA))
	}
	if isSeed(l.Token.Secret) {
		pair, err := nkeys.FromSeed([]byte(l.Token.Secret))
		if err != nil {
			return nil, fmt.Errorf("the nkey of %s: %w", l.Token.Name, err)
		}
		public, err := pair.PublicKey()
		if err != nil {
			return nil, fmt.Errorf("the nkey of %s: %w", l.Token.Name, err)
		}
		options = append(options, nats.Nkey(public, pair.Sign))
	} else {
		options = append(options, nats.UserInfo(l.Token.Name, l.Token.Secret))
	}
	conn, err := nats.Connect(l.URL, append(options, more...)...)
	if err != nil {
		return nil, &Error{fmt.Errorf("reach the hub at %s: %w", l.URL, err), advice(err)}
	}
	return conn, nil
}

// Error is an error with what can be done about it.
type Error struct {
	Err  error
	Hint string
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// Advice is the hint.
func (e *Error) Advice() string { return e.Hint }

func advice(err error) string {
	switch {
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthExpired):
		return "the hub does not know this token; plumb hub token NAME makes one, for --hub-token-file or PLUMB_HUB_TOKEN"
	case errors.Is(err, nats.ErrSecureConnRequired), errors.Is(err, nats.ErrSecureConnWanted):
		return "the hub speaks TLS: write tls://HOST:PORT, and name its certificate with --hub-ca when the system does not know it"
	case strings.Contains(err.Error(), "x509"):
		return "name the certificate that the hub's is signed by: --hub-ca FILE"
	default:
		return "start one with plumb hub, or look whether something between here and there is closed"
	}
}
