package monitor

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"os"
	"syscall"

	"go.yaml.in/yaml/v3"
)

// listeners are where we are asked.
type listeners []net.Listener

// addresses are those that were given, with the ports that were found.
func (l listeners) addresses() []string {
	var list []string
	for _, one := range l {
		list = append(list, one.Addr().String())
	}
	return list
}

func (l listeners) close() {
	for _, one := range l {
		_ = one.Close()
	}
}

// listen opens the user's addresses. The usual one may be taken, by another
// Prometheus most likely: then any free port serves.
func listen(o *Options) (listeners, error) {
	if len(o.ListenAddress) == 0 {
		l, err := net.Listen("tcp", usualAddress)
		if errors.Is(err, syscall.EADDRINUSE) {
			if l, err = net.Listen("tcp", "127.0.0.1:0"); err == nil {
				o.Notice("another program listens at " + usualAddress + ": plumb monitor is at http://" + l.Addr().String())
			}
		}
		if err != nil {
			return nil, listenError(usualAddress, err)
		}
		return listeners{l}, nil
	}
	var list listeners
	for _, address := range o.ListenAddress {
		l, err := net.Listen("tcp", address)
		if err != nil {
			list.close()
			return nil, listenError(address, err)
		}
		list = append(list, l)
	}
	return list, nil
}

func listenError(address string, err error) error {
	hint := "--web.listen-address takes HOST:PORT of this machine"
	if errors.Is(err, syscall.EADDRINUSE) {
		err, hint = ErrTaken, "stop it, or give another address; 127.0.0.1:0 takes any free port"
	}
	return &Error{"listen at " + address, err, hint}
}

// listenFor opens an address of Alertmanager's too, so that people and amtool find
// it where the file says. It is no failure when it cannot be.
func (s *Server) listenFor(addresses []string) {
	for _, address := range addresses {
		if samePlace(address, s.listening.addresses()) {
			continue
		}
		l, err := net.Listen("tcp", address)
		if err != nil {
			s.options.Notice("nobody can listen at " + address + ": ask the embedded Alertmanager at " + s.external.String())
			continue
		}
		s.listening = append(s.listening, l)
	}
}

// externalURL is under which people reach us: in mails, for one.
func externalURL(o *Options, first string) (*url.URL, error) {
	if o.ExternalURL == "" {
		u := &url.URL{Scheme: "http", Host: reachable(first)}
		if hasTLS(o.WebConfigFile) {
			u.Scheme = "https"
		}
		return u, nil
	}
	u, err := url.Parse(o.ExternalURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, &Error{"take --web.external-url " + o.ExternalURL, errors.New("not an address of a web page"), "such as https://monitor.example.com/"}
	}
	return u, nil
}

// reachable is where others reach us who listen at an address: all addresses of a
// machine have its name.
func reachable(address string) string {
	host, port, _ := net.SplitHostPort(address)
	if ip, err := netip.ParseAddr(host); err != nil || !ip.IsUnspecified() {
		return address
	}
	name, err := os.Hostname()
	if err != nil {
		return address
	}
	return net.JoinHostPort(name, port)
}

// hasTLS tells whether a --web.config.file asks for TLS. What is wrong in it is told
// when it is served.
func hasTLS(file string) bool {
	text, _ := os.ReadFile(file)
	var c struct {
		TLS *struct{} `yaml:"tls_server_config"`
	}
	return yaml.Unmarshal(text, &c) == nil && c.TLS != nil
}
