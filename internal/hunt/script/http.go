package script

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/plumb-dev/plumb/internal/load"
)

// parseHTTP reads an .http file: requests with ### between them; each has a
// line "METHOD address", headers, an empty line and a body. Lines before the
// request line that begin with # or // are comments, "@name = value" sets a
// variable that {{name}} stands for afterwards.
func parseHTTP(text string, base *url.URL) (*Script, error) {
	s := &Script{}
	variables := map[string]string{}
	var block []string
	start := 1 // the line where the block begins
	end := func() error {
		t, ok, err := parseRequest(block, start, variables, base)
		if ok && err == nil {
			s.Targets = append(s.Targets, t)
		}
		return err
	}
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if strings.HasPrefix(line, "###") {
			if err := end(); err != nil {
				return nil, err
			}
			block, start = nil, i+2
			continue
		}
		block = append(block, line)
	}
	return s, end()
}

var (
	variable = regexp.MustCompile(`^@([\w-]+)\s*=\s*(.*)$`)
	use      = regexp.MustCompile(`\{\{\s*([\w-]+)\s*\}\}`)
	method   = regexp.MustCompile(`^[A-Z]+$`)
)

// parseRequest reads one block; false when it holds no request.
func parseRequest(lines []string, start int, variables map[string]string, base *url.URL) (load.Target, bool, error) {
	t := load.Target{Header: http.Header{}}
	fill := func(s string) string {
		return use.ReplaceAllStringFunc(s, func(match string) string {
			if value, ok := variables[use.FindStringSubmatch(match)[1]]; ok {
				return value
			}
			return match
		})
	}
	const (
		before = iota // the request line
		headers
		body
	)
	var content []string
	at := before
	for i, line := range lines {
		bare := strings.TrimSpace(line)
		comment := strings.HasPrefix(bare, "#") || strings.HasPrefix(bare, "//")
		fail := func(format string, args ...any) (load.Target, bool, error) {
			return t, false, fmt.Errorf("line %d: "+format, append([]any{start + i}, args...)...)
		}
		switch at {
		case before:
			if bare == "" || comment {
				continue
			}
			if m := variable.FindStringSubmatch(bare); m != nil {
				variables[m[1]] = fill(m[2])
				continue
			}
			fields := strings.Fields(bare)
			if last := len(fields) - 1; last > 0 && strings.HasPrefix(fields[last], "HTTP/") {
				fields = fields[:last]
			}
			t.Method = http.MethodGet
			if method.MatchString(fields[0]) {
				t.Method, fields = fields[0], fields[1:]
			}
			if len(fields) != 1 {
				return fail("%q is not \"METHOD address\"", bare)
			}
			var err error
			if t.URL, err = resolve(fill(fields[0]), base); err != nil {
				return fail("%w", err)
			}
			at = headers
		case headers:
			switch {
			case bare == "":
				at = body
			case comment:
			case t.Header != nil && (strings.HasPrefix(bare, "?") || strings.HasPrefix(bare, "&")):
				t.URL += fill(bare) // a query may go on over lines
			default:
				name, value, ok := strings.Cut(bare, ":")
				if !ok {
					return fail("%q is not a header; an empty line begins the body", bare)
				}
				t.Header.Add(strings.TrimSpace(name), fill(strings.TrimSpace(value)))
			}
		case body:
			content = append(content, fill(line))
		}
	}
	t.Body = []byte(strings.TrimRight(strings.Join(content, "\n"), "\n"))
	return t, at != before, nil
}
