package script

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-dev/plumb/internal/load"
)

func parse(t *testing.T, text string) (*Script, error) {
	t.Helper()
	base, err := url.Parse("http://127.0.0.1:3000")
	if err != nil {
		t.Fatal(err)
	}
	return Parse([]byte(text), base)
}

func TestHTTPFile(t *testing.T) {
	s, err := parse(t, `@user = ann-{{n}}
# a comment

POST /login HTTP/1.1
Content-Type: application/json

{"user": "{{user}}",

 "id": "{{uuid}}"}

### the list
GET /items
  ?page={{n}}
  &user={{ user }}
Accept: text/html

###
http://127.0.0.1:3000/health
`)
	if err != nil {
		t.Fatal(err)
	}
	want := []load.Target{
		{
			Method: "POST", URL: "http://127.0.0.1:3000/login",
			Header: http.Header{"Content-Type": {"application/json"}},
			Body:   []byte("{\"user\": \"ann-{{n}}\",\n\n \"id\": \"{{uuid}}\"}"),
		},
		{
			Method: "GET", URL: "http://127.0.0.1:3000/items?page={{n}}&user=ann-{{n}}",
			Header: http.Header{"Accept": {"text/html"}}, Body: []byte{},
		},
		{Method: "GET", URL: "http://127.0.0.1:3000/health", Header: http.Header{}, Body: []byte{}},
	}
	if diff := cmp.Diff(want, s.Targets); diff != "" {
		t.Error(diff)
	}
	if s.Cookies() {
		t.Error("no cookies in the script")
	}
}

func TestHAR(t *testing.T) {
	s, err := parse(t, `{"log": {"entries": [
 {"request": {"method": "GET", "url": "https://shop.example/cart?id=1",
   "headers": [{"name": ":authority", "value": "shop.example"}, {"name": "host", "value": "shop.example"},
               {"name": "cookie", "value": "sid=1"}]}},
 {"request": {"method": "GET", "url": "https://cdn.example/app.js", "headers": []}},
 {"request": {"method": "POST", "url": "https://shop.example/cart", "headers": [{"name": "content-length", "value": "9"}],
   "postData": {"mimeType": "application/json", "text": "{\"a\": 1}"}}}]}}`)
	if err != nil {
		t.Fatal(err)
	}
	want := []load.Target{
		{Method: "GET", URL: "http://127.0.0.1:3000/cart?id=1", Header: http.Header{"Cookie": {"sid=1"}}},
		{
			Method: "POST", URL: "http://127.0.0.1:3000/cart",
			Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"a": 1}`),
		},
	}
	if diff := cmp.Diff(want, s.Targets); diff != "" {
		t.Error(diff)
	}
	if s.Skipped != 1 || !s.Cookies() {
		t.Errorf("skipped %d, cookies %v", s.Skipped, s.Cookies())
	}
}

func TestBadScripts(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "no request",
		"# nothing":              "no request",
		"GET one two three":      "line 1",
		"\nPOST items":           "neither a path nor an address",
		"GET /\nnot a header\n":  "line 2",
		`{"log": {}}`:            "no request",
		`{"log": `:               "read HAR",
		"GET /\n###\n\nPUT\n###": "line 4",
	} {
		if _, err := parse(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}
