package loadcmd

import (
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/load"
)

// requestFlags say what a request looks like beside its URL.
type requestFlags struct {
	method      string
	headers     []string
	contentType string
	postBody    string
	postFile    string
	data        string
}

func (r *requestFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVarP(&r.method, "method", "m", "", "the method: GET, or POST when there is a body")
	f.StringArrayVarP(&r.headers, "header", "H", nil, "send this header, as name:value; may be repeated")
	f.StringVarP(&r.contentType, "content-type", "T", "", "the type of the body: JSON or plain text when not given")
	f.StringVarP(&r.postBody, "post-body", "P", "", "send this body")
	f.StringVarP(&r.postFile, "post-file", "p", "", "send the body in this file")
	f.StringVar(&r.data, "data", "", "send this body, or with @FILE the one in a file")
}

// targets makes a target of each URL, which may have a weight before it: 3@URL.
func (r *requestFlags) targets(cmd *cobra.Command, urls []string) ([]load.Target, error) {
	body, err := r.body(cmd)
	if err != nil {
		return nil, err
	}
	header, err := r.header(cmd, body)
	if err != nil {
		return nil, err
	}
	method := r.method
	if method == "" && body != nil {
		method = http.MethodPost
	}
	var targets []load.Target
	for _, u := range urls {
		t := load.Target{Method: method, URL: u, Header: header, Body: body}
		if before, after, ok := strings.Cut(u, "@"); ok {
			if weight, err := strconv.Atoi(before); err == nil {
				if weight < 1 {
					return nil, terminal.UsageError(cmd, "%s: weight %d of %s is less than 1", cmd.CommandPath(), weight, after)
				}
				t.Weight, t.URL = weight, after
			}
		}
		if !strings.Contains(t.URL, "://") {
			t.URL = "http://" + t.URL
		}
		targets = append(targets, t)
	}
	return targets, nil
}

// body is nil when there is none to send.
func (r *requestFlags) body(cmd *cobra.Command) ([]byte, error) {
	var given []string
	for _, name := range []string{"post-body", "post-file", "data"} {
		if cmd.Flag(name).Changed {
			given = append(given, name)
		}
	}
	switch len(given) {
	case 0:
		return nil, nil
	case 1:
	default:
		return nil, terminal.UsageError(cmd, "%s: --%s and --%s exclude each other", cmd.CommandPath(), given[0], given[1])
	}
	path := r.postFile
	if file, ok := strings.CutPrefix(r.data, "@"); ok {
		path = file
	}
	if path == "" {
		return []byte(r.postBody + r.data), nil
	}
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, terminal.WithHint(fmt.Errorf("read the body: %w", err), "check the path and that the file is readable")
	}
	return body, nil
}

func (r *requestFlags) header(cmd *cobra.Command, body []byte) (http.Header, error) {
	h := http.Header{}
	for _, line := range r.headers {
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, terminal.UsageError(cmd, "%s: header %q has no colon", cmd.CommandPath(), line)
		}
		h.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	switch {
	case r.contentType != "":
		h.Set("Content-Type", r.contentType)
	case len(body) > 0 && h.Get("Content-Type") == "":
		h.Set("Content-Type", typeOf(body))
	}
	return h, nil
}

// typeOf tells JSON from other text by how it begins: with placeholders in it
// JSON need not be valid.
func typeOf(body []byte) string {
	switch strings.TrimSpace(string(body) + " ")[:1] {
	case "{", "[":
		return "application/json"
	default:
		return "text/plain"
	}
}
