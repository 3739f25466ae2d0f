package hub

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/supervise/control"
)

// embedded is the NATS server inside the hub.
type embedded struct {
	*server.Server

	url    string
	broken <-chan string // has something when the server can write no more
	own    fleet.Token
	forget func() // the token of who started the hub
}

// startServer starts the embedded server. On this machine, whoever started it needs no
// token: programs of the same user find one in a file, as for other commands of plumb.
func startServer(o *Options) (*embedded, error) {
	host, portText, err := net.SplitHostPort(o.Listen)
	port, err2 := strconv.Atoi(portText)
	if err := errors.Join(err, err2); err != nil {
		return nil, &fleet.Error{Err: fmt.Errorf("--listen %q: %w", o.Listen, err), Hint: "give HOST:PORT, such as 127.0.0.1:4222"}
	}
	if port == 0 {
		port = server.RANDOM_PORT
	}
	e := &embedded{own: fleet.Token{Name: "hub", Secret: rand.Text()}, forget: func() {}}
	local, err := localToken(o.Dir)
	if err != nil {
		return nil, err
	}
	own := map[string]known{e.own.Name: {Name: e.own.Name, Role: ownRole, SHA256: digest(e.own.Secret)}}
	if isLoopback(host) {
		own[local.Name] = known{Name: local.Name, Role: ownRole, SHA256: digest(local.Secret)}
	}
	options := &server.Options{
		ServerName: "plumb-hub", Host: host, Port: port, NoSigs: true, NoLog: false,
		JetStream: true, StoreDir: filepath.Join(o.Dir, "jetstream"),
		// What is acknowledged is on the disk, also when the power fails.
		SyncAlways:                 true,
		CustomClientAuthentication: &gate{TokensIn(o.Dir), own}, AlwaysEnableNonce: true,
	}
	scheme := "nats"
	if o.TLSCert != "" {
		certificate, err := tls.LoadX509KeyPair(o.TLSCert, o.TLSKey)
		if err != nil {
			return nil, &fleet.Error{Err: fmt.Errorf("read the hub's certificate: %w", err), Hint: "--tls-cert and --tls-key take PEM files that belong together"}
		}
		options.TLS, options.TLSTimeout = true, 5
		options.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
		scheme = "tls"
	}
	if e.Server, err = server.NewServer(options); err != nil {
		return nil, fmt.Errorf("start the NATS server: %w", err)
	}
	said := &log{notice: o.Notice, broken: make(chan string, 1)}
	e.broken = said.broken
	e.SetLoggerV2(said, false, false, false)
	e.Start()
	if !e.ReadyForConnections(30 * time.Second) {
		e.Shutdown()
		return nil, &fleet.Error{Err: fmt.Errorf("start the NATS server at %s: %s", o.Listen, said.last()), Hint: "--listen HOST:PORT gives another address, --dir another folder"}
	}
	address := e.Addr().String()
	e.url = scheme + "://" + address
	if isLoopback(host) {
		if forget, err := control.KeepToken(address, local.String()); err == nil {
			e.forget = forget
		}
	}
	return e, nil
}

// localToken is that of the user who starts the hub. It is the same at each start, for
// analysts and agents that stay while the hub is started again.
func localToken(dir string) (fleet.Token, error) {
	path := filepath.Join(dir, "local.token")
	if text, err := os.ReadFile(path); err == nil {
		if token, err := fleet.ParseToken(string(text)); err == nil {
			return token, nil
		}
	}
	token := fleet.Token{Name: "local", Secret: rand.Text()}
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		err = os.WriteFile(path, []byte(token.String()+"\n"), 0o600)
	}
	if err != nil {
		return token, &fleet.Error{Err: fmt.Errorf("open the hub's folder: %w", err), Hint: "name a folder of yours with --dir"}
	}
	return token, nil
}

// dial connects the hub itself, within the process.
func (e *embedded) dial() (*nats.Conn, error) {
	conn, err := nats.Connect("", nats.InProcessServer(e.Server), nats.UserInfo(e.own.Name, e.own.Secret), nats.MaxReconnects(-1),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
	if err != nil {
		return nil, fmt.Errorf("reach the NATS server of the hub: %w", err)
	}
	return conn, nil
}

// writes returns when ctx ends, or the server can write no more. A stream that has failed
// to write takes nothing until the server is started anew, also when there is room again.
func (e *embedded) writes(ctx context.Context) error {
	select {
	case text := <-e.broken:
		return &fleet.Error{
			Err:  fmt.Errorf("keep what agents send: %s", text),
			Hint: "make room on the disk, and start the hub again; what it did not take waits at the agents",
		}
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *embedded) stop() {
	e.forget()
	e.Shutdown()
	e.WaitForShutdown()
}
