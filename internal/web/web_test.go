package web_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-dev/plumb/internal/web"
	"github.com/plumb-dev/plumb/internal/web/findings"
	"github.com/plumb-dev/plumb/internal/web/fleet"
	"github.com/plumb-dev/plumb/internal/web/live"
	"github.com/plumb-dev/plumb/internal/web/player"
	"github.com/plumb-dev/plumb/internal/web/snapshots"
)

var update = flag.Bool("update", false, "write openapi.json")

// everything is a site with all parts there are.
func everything() *web.Site {
	return &web.Site{Version: "test", Parts: []web.Part{player.New(""), snapshots.New(nil), &findings.Part{}, new(live.Part), &fleet.Part{}}}
}

// TestOpenAPI keeps the document from which the page's types are made ("make page").
func TestOpenAPI(t *testing.T) {
	flat, err := json.Marshal(everything().OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := json.Indent(&got, flat, "", "  "); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	if *update {
		if err := os.WriteFile("openapi.json", got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("openapi.json is not what the code says (go test ./internal/web -update, then make page):\n%s", diff)
	}
}

// TestPage holds that every view is answered with the page, which may run no script
// but its own, and that the API has no pages.
func TestPage(t *testing.T) {
	server := httptest.NewServer(everything().Handler())
	defer server.Close()
	for path, want := range map[string]struct {
		status int
		kind   string
	}{
		"/":                         {200, "text/html"},
		"/snapshots/1/summary?x=1":  {200, "text/html"},
		"/snapshots/..%2f..%2fetc/": {200, "text/html"},
		"/index.html":               {200, "text/html"},
		"/icon.svg":                 {200, "image/svg+xml"},
		"/assets/none.js":           {404, "text/plain"},
		"/api/about":                {200, "application/json"},
		"/api/nothing":              {404, "text/plain"},
	} {
		response, err := http.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if kind := response.Header.Get("Content-Type"); response.StatusCode != want.status || !strings.HasPrefix(kind, want.kind) {
			t.Errorf("%s: %d %s, want %d %s", path, response.StatusCode, kind, want.status, want.kind)
		}
		policy := response.Header.Get("Content-Security-Policy")
		if want.kind == "text/html" && !strings.Contains(policy, "script-src 'self';") {
			t.Errorf("%s: its policy is %q", path, policy)
		}
	}
}
