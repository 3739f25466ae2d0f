package monitor

import (
	"errors"
	"net"
	"net/url"
	"syscall"
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
		scheme := "http"
		if o.WebConfigFile != "" {
			scheme = "https"
		}
		return &url.URL{Scheme: scheme, Host: first}, nil
	}
	u, err := url.Parse(o.ExternalURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, &Error{"take --web.external-url " + o.ExternalURL, errors.New("not an address of a web page"), "such as https://monitor.example.com/"}
	}
	return u, nil
}
