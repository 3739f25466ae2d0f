// Package script reads what a client does, request after request, from a file:
// an .http file as the REST clients of editors have them, or a HAR file that a
// browser recorded.
//
// A script is a sequence: the order counts, as in "log in, add, check out".
// Requests to other hosts are left out, so that a recorded page does not reach
// the network. The package sends nothing.
package script

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"

	"github.com/plumb-dev/plumb/internal/load"
)

// Script is a sequence of requests.
type Script struct {
	Targets []load.Target
	// Skipped are requests that the file has and the script has not: they go
	// to other hosts.
	Skipped int
}

// Parse reads a script. base is the address of the program: paths are taken
// from it, and so is the host of recorded requests.
func Parse(data []byte, base *url.URL) (*Script, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	var s *Script
	var err error
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		s, err = parseHAR(data, base)
	} else {
		s, err = parseHTTP(string(data), base)
	}
	if err != nil {
		return nil, err
	}
	if len(s.Targets) == 0 {
		return nil, fmt.Errorf("no request to %s in it", base.Host)
	}
	return s, nil
}

// Cookies says whether the script brings its own cookies.
func (s *Script) Cookies() bool {
	for _, t := range s.Targets {
		if t.Header.Get("Cookie") != "" {
			return true
		}
	}
	return false
}

// resolve makes the address of a request: a path is of the program's host, a
// whole address stays. Placeholders such as {{n}} stay as they are.
func resolve(target string, base *url.URL) (string, error) {
	if strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "https://") {
		return target, nil
	}
	if !strings.HasPrefix(target, "/") {
		return "", fmt.Errorf("%q is neither a path nor an address", target)
	}
	return base.Scheme + "://" + base.Host + target, nil
}
