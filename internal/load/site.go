package load

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"syscall"
	"time"
)

// ForeignHostError is the refusal to load a host that may be somebody else's.
type ForeignHostError struct {
	Host string
	Addr netip.Addr // the first address that is neither loopback nor private
}

func (e *ForeignHostError) Error() string {
	if e.Host == e.Addr.String() {
		return fmt.Sprintf("%s is not a loopback or private address", e.Host)
	}
	return fmt.Sprintf("%s is %s, not a loopback or private address", e.Host, e.Addr)
}

// LookupError is a host's name without an address.
type LookupError struct {
	Host string
	Err  error
}

func (e *LookupError) Error() string {
	var dns *net.DNSError
	if errors.As(e.Err, &dns) {
		return fmt.Sprintf("find host %s: %s", e.Host, dns.Err)
	}
	return fmt.Sprintf("find host %s: %v", e.Host, e.Err)
}

func (e *LookupError) Unwrap() error { return e.Err }

// ConnectError is the failure of the very first connection to a site, before
// anything was sent.
type ConnectError struct {
	Host string // with the port
	Kind Kind
	Err  error
}

func (e *ConnectError) Error() string {
	err := e.Err
	var inner syscall.Errno
	if errors.As(err, &inner) {
		err = inner // without the addresses, which name the host again
	}
	return fmt.Sprintf("connect to %s: %v", e.Host, err)
}

func (e *ConnectError) Unwrap() error { return e.Err }

// site is where requests go: a scheme, a host and a port.
type site struct {
	host      string // with the port, for people
	addresses []netip.AddrPort
	tls       *tls.Config // nil is plain HTTP
}

// resolve finds the addresses of a URL's host, once: later requests go where
// this check has looked.
func resolve(ctx context.Context, u *url.URL, foreign, insecure bool) (*site, error) {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 {
		return nil, fmt.Errorf("%s: port %s is not in 1 to 65535", u.Redacted(), port)
	}
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", u.Hostname())
	if err != nil {
		return nil, &LookupError{Host: u.Hostname(), Err: err}
	}
	s := &site{host: net.JoinHostPort(u.Hostname(), port)}
	for _, a := range addresses {
		a = a.Unmap() // the resolver writes IPv4 as IPv6
		if !foreign && !near(a) {
			return nil, &ForeignHostError{Host: u.Hostname(), Addr: a}
		}
		s.addresses = append(s.addresses, netip.AddrPortFrom(a, uint16(number)))
	}
	if u.Scheme == "https" {
		s.tls = &tls.Config{
			ServerName:         u.Hostname(),
			NextProtos:         []string{"http/1.1"},
			InsecureSkipVerify: insecure, //nolint:gosec // the user's wish
		}
	}
	return s, nil
}

// near says whether an address is this machine's or of its private network.
// The unspecified address, which servers print as theirs, is this machine.
func near(a netip.Addr) bool { return a.IsLoopback() || a.IsPrivate() || a.IsUnspecified() }

// connectFirst opens the first connection, and settles on the address that
// answered: "localhost" has two, and servers often listen on one of them.
func (s *site) connectFirst(ctx context.Context, timeout time.Duration) (*connection, error) {
	var failures []error
	for _, a := range s.addresses {
		one := &site{host: s.host, addresses: []netip.AddrPort{a}, tls: s.tls}
		c, err := one.connect(ctx, time.Now().Add(timeout))
		if err == nil {
			s.addresses = one.addresses
			return c, nil
		}
		failures = append(failures, err)
	}
	if len(failures) == 0 {
		return nil, &ConnectError{Host: s.host, Kind: Connect, Err: errors.New("the host has no address")}
	}
	return nil, &ConnectError{Host: s.host, Kind: connectKindOf(failures[0]), Err: failures[0]}
}
