// Package page is how commands show the page: an address of this machine, a token, a
// browser. What the page shows is a [web.Site] of the command's.
package page

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/cli/browser"
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/web"
	"github.com/plumb-dev/plumb/internal/web/guard"
)

// Flags say where the page is shown.
type Flags struct {
	address   string
	noBrowser bool
}

// Add adds the flags to a command.
func (f *Flags) Add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.address, "address", "127.0.0.1:0", "where the page is served, HOST:PORT of this machine; port 0 is any that is free")
	flags.BoolVar(&f.noBrowser, "no-browser", false, "print the page's address, and open no browser")
}

// Serve shows a site, beginning at a path of it, until ctx ends, which is what
// Ctrl-C does.
func (f *Flags) Serve(ctx context.Context, ui *terminal.UI, site *web.Site, path string) error {
	listener, err := f.listen()
	if err != nil {
		return err
	}
	site.Version = ui.Version
	token := guard.NewToken()
	server := &http.Server{
		Handler:           &guard.Guard{Token: token, Next: site.Handler()},
		ReadHeaderTimeout: 5 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	address := fmt.Sprintf("http://%s%s?token=%s", listener.Addr(), path, token)
	out := ui.Out
	if ui.JSON { // which is a document of its own
		out = ui.Err
	}
	fmt.Fprintln(out, address)
	ui.Note("Ctrl-C ends it")
	if !f.noBrowser {
		show(ui, address)
	}
	select {
	case err = <-served:
	case <-ctx.Done():
		err = server.Close()
		<-served
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func (f *Flags) listen() (net.Listener, error) {
	const form = "--address takes HOST:PORT of this machine, as 127.0.0.1:9470"
	host, _, err := net.SplitHostPort(f.address)
	if err != nil {
		return nil, terminal.WithHint(fmt.Errorf("--address %q: %w", f.address, err), form)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, terminal.WithHint(fmt.Errorf("--address %q is not of this machine alone", f.address), "%s; from elsewhere, ssh -L 9470:127.0.0.1:9470 brings it there", form)
	}
	listener, err := net.Listen("tcp", f.address)
	if err != nil {
		return nil, terminal.WithHint(fmt.Errorf("serve the page: %w", err), form)
	}
	return listener, nil
}

// show opens a browser for somebody who sits in front of it: not from a script, nor
// over ssh.
func show(ui *terminal.UI, address string) {
	out, ok := ui.Out.(*os.File)
	if !ok || !term.IsTerminal(out.Fd()) || os.Getenv("SSH_CONNECTION") != "" {
		return
	}
	browser.Stdout, browser.Stderr = io.Discard, io.Discard
	go func() { _ = browser.OpenURL(address) }()
}
