package watchcmd

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/diagnosis/call"
)

// TestFindingsHost holds that a page whose name resolves to us reads nothing, and who
// has the token may use any name.
func TestFindingsHost(t *testing.T) {
	api := findingsAPI(&terminal.UI{}, t.TempDir(), call.NewDesk("0123456789abcdef"))
	for host, want := range map[string]int{
		"127.0.0.1:9464": http.StatusOK, "127.0.0.1": http.StatusOK, "[::1]:9464": http.StatusOK, "[::1]": http.StatusOK,
		"localhost:9464": http.StatusOK, "localhost": http.StatusOK, "192.0.2.7:9464": http.StatusOK,
		"evil.example:9464": http.StatusForbidden, "evil.example": http.StatusForbidden, "127.0.0.1.evil.example": http.StatusForbidden,
		"localhost.evil.example:9464": http.StatusForbidden, "": http.StatusForbidden, "0x7f.1": http.StatusForbidden,
	} {
		for _, path := range []string{"/api/findings", "/api/findings/last"} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.Host = host
			w := httptest.NewRecorder()
			api.ServeHTTP(w, r)
			if path != "/api/findings" && want == http.StatusOK {
				want = http.StatusNotFound // there is none
			}
			if w.Code != want {
				t.Errorf("%s of %q: %d %s", path, host, w.Code, w.Body)
			}
		}
	}
	for token, want := range map[string]int{"0123456789abcdef": http.StatusOK, "another": http.StatusForbidden} {
		r := httptest.NewRequest(http.MethodGet, "/api/findings", nil)
		r.Host = "web1.example:9464"
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("with token %q: %d %s", token, w.Code, w.Body)
		}
	}
}
