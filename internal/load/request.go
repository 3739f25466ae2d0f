package load

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// request is a target made ready: all that can be written in advance is.
type request struct {
	site   *site
	method string
	path   template // with the query
	url    *url.URL // for cookies: without placeholders' values
	head   template // the lines after the first, up to Content-Length
	body   template
}

// escaped are placeholders as a parsed URL's path has them.
var escaped = strings.NewReplacer("%7B%7B", "{{", "%7D%7D", "}}")

// prepare makes the request of a target; its site is still to be found.
func prepare(t Target, keepAlive bool) (*request, error) {
	u, err := url.Parse(t.URL)
	if err != nil {
		return nil, err // says "parse" and the URL
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%s does not begin with http:// or https://", t.URL)
	case u.Hostname() == "":
		return nil, fmt.Errorf("%s has no host", t.URL)
	}
	r := &request{method: t.Method, url: u}
	if r.method == "" {
		r.method = http.MethodGet
	}
	if !token(r.method) {
		return nil, fmt.Errorf("%q is no HTTP method", r.method)
	}
	if r.path, err = compile(escaped.Replace(u.RequestURI()), true); err != nil {
		return nil, fmt.Errorf("%s: %w", t.URL, err)
	}
	head, err := headerLines(t, u, keepAlive)
	if err != nil {
		return nil, err
	}
	if r.head, err = compile(head, true); err != nil {
		return nil, fmt.Errorf("header of %s: %w", t.URL, err)
	}
	r.body, err = compile(string(t.Body), false)
	return r, err
}

// headerLines are the header's lines but Content-Length and Cookie, which
// differ from request to request.
func headerLines(t Target, u *url.URL, keepAlive bool) (string, error) {
	h := t.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	defaults := map[string]string{"Host": u.Host, "User-Agent": "plumb", "Accept": "*/*"}
	if user := u.User; user != nil {
		password, _ := user.Password()
		authorized := http.Request{Header: http.Header{}}
		authorized.SetBasicAuth(user.Username(), password)
		defaults["Authorization"] = authorized.Header.Get("Authorization")
	}
	for name, value := range defaults {
		if h.Values(name) == nil {
			h.Set(name, value)
		}
	}
	if !keepAlive {
		h.Set("Connection", "close")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Host: %s\r\n", h.Get("Host")) // first, as RFC 9110 section 7.2 asks
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			switch {
			case name == "Content-Length" || name == "Transfer-Encoding":
				return "", fmt.Errorf("the header %s is not free to choose", name)
			case !token(name):
				return "", fmt.Errorf("%q is no name of a header", name)
			case strings.ContainsAny(value, "\r\n\x00"):
				return "", fmt.Errorf("the header %s has more than one line", name)
			case name != "Host":
				fmt.Fprintf(&b, "%s: %s\r\n", name, value)
			}
		}
	}
	return b.String(), nil
}

// token says whether s is a token of HTTP (RFC 9110, section 5.6.2).
func token(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"(),/:;<=>?@[\\]{}", r)
	}) < 0
}

// appendTo writes the request. scratch holds the body meanwhile, whose length
// stands before it.
func (r *request) appendTo(b, scratch []byte, v *values, cookie string) (message, body []byte) {
	b = append(b, r.method...)
	b = append(b, ' ')
	b = r.path.appendTo(b, v)
	b = append(b, " HTTP/1.1\r\n"...)
	b = r.head.appendTo(b, v)
	if cookie != "" {
		b = append(b, "Cookie: "...)
		b = append(b, cookie...)
		b = append(b, "\r\n"...)
	}
	body = r.body.appendTo(scratch, v)
	if len(body) > 0 || r.method == http.MethodPost || r.method == http.MethodPut || r.method == http.MethodPatch {
		b = append(b, "Content-Length: "...)
		b = strconv.AppendInt(b, int64(len(body)), 10)
		b = append(b, "\r\n"...)
	}
	b = append(b, "\r\n"...)
	return append(b, body...), body
}

var errCookies = errors.New("a Cookie header and kept cookies exclude each other")
