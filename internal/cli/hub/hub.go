// Package hub is how commands reach the hub of a fleet: its address, a token, the
// certificate behind it.
package hub

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/supervise/control"
)

// Local is where plumb hub is, unless it is told otherwise.
const Local = "nats://127.0.0.1:4222"

// tokenVariable is for containers, whose secrets come as variables.
const tokenVariable = "PLUMB_HUB_TOKEN"

// Flags say where a hub is.
type Flags struct{ URL, tokenFile, ca string }

// Add adds the flags to a command; url is the default of --hub.
func (f *Flags) Add(cmd *cobra.Command, url string) {
	cmd.Flags().StringVar(&f.URL, "hub", url, "the hub of the fleet, nats://HOST:PORT or tls://HOST:PORT")
	f.AddTo(cmd)
}

// AddTo adds the flags without the address, which the command has from elsewhere.
func (f *Flags) AddTo(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.tokenFile, "hub-token-file", "", "file with the token that plumb hub token has made ($"+tokenVariable+")")
	flags.StringVar(&f.ca, "hub-ca", "", "file with the certificate that the hub's is signed by")
}

// Link is how to reach the hub, checked as far as that is possible without it.
func (f *Flags) Link(cmd *cobra.Command) (fleet.Link, error) {
	link := fleet.Link{URL: f.URL, CA: f.ca}
	if err := link.Check(); err != nil {
		return link, terminal.UsageError(cmd, "%s: --hub: %w", cmd.CommandPath(), err)
	}
	text, from, err := f.token()
	if err == nil {
		if link.Token, err = fleet.ParseToken(text); err != nil {
			err = fmt.Errorf("%s: %w", from, err)
		}
	}
	return link, terminal.WithHint(err, "plumb hub token NAME makes one, for --hub-token-file or %s", tokenVariable)
}

// token looks where a token can be. A hub of this user on this machine has left one.
func (f *Flags) token() (text, from string, err error) {
	if f.tokenFile != "" {
		text, err = control.ReadToken(f.tokenFile)
		return text, f.tokenFile, err
	}
	if text = os.Getenv(tokenVariable); text != "" {
		return text, tokenVariable, nil
	}
	first, _, _ := strings.Cut(f.URL, ",")
	if u, err := url.Parse(first); err == nil {
		host, port := u.Hostname(), u.Port()
		if host == "localhost" {
			host = "127.0.0.1"
		}
		if text, err = control.FindToken(net.JoinHostPort(host, port)); text != "" && err == nil {
			return text, "the token of the hub on this machine", nil
		}
	}
	return "", "", errors.New("there is no token for the hub at " + f.URL)
}
