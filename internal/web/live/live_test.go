package live

import (
	"encoding/json"
	"math"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/plumb-dev/plumb/internal/web"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestHistory holds that a ring keeps the last samples, in order.
func TestHistory(t *testing.T) {
	var h history
	begin := time.Now()
	for i := range most + 10 {
		h.add(Sample{Time: begin.Add(time.Duration(i) * pause), RSS: float64(i)})
	}
	h.add(Sample{Time: begin.Add(time.Duration(most+9) * pause), RSS: -1}) // at once after
	list := h.list()
	if len(list) != most || list[0].RSS != 10 || list[most-1].RSS != float64(most+9) {
		t.Errorf("%d samples from %v to %v", len(list), list[0].RSS, list[len(list)-1].RSS)
	}
	if known(math.NaN()) != 0 || known(math.Inf(1)) != 0 || known(2) != 2 {
		t.Error("what JSON has not is passed on")
	}
}

// TestNoApps holds what is told where nothing is kept up.
func TestNoApps(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	p := New(t.TempDir())
	defer p.Close()
	handler := (&web.Site{Parts: []web.Part{p}}).Handler()
	for path, want := range map[string]string{
		"GET /api/apps":                   `200 {"instances":[]}`,
		"GET /api/apps/api/0/history":     `404 `,
		"POST /api/apps/api/restart":      `404 `,
		"POST /api/apps/api/0/collect":    `404 `,
		"POST /api/apps/api/0/snapshot":   `404 `,
		"GET /api/apps/api/minus/history": `422 `,
	} {
		method, path, _ := strings.Cut(path, " ")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		code, text, _ := strings.Cut(want, " ")
		if got, _ := json.Marshal(w.Code); string(got) != code || !strings.HasPrefix(w.Body.String(), text) {
			t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
	}
}
