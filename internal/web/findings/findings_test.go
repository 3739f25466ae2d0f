package findings_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/internal/diagnosis"
	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/report"
	"github.com/plumb-dev/plumb/internal/web"
	"github.com/plumb-dev/plumb/internal/web/findings"
)

func ask(t *testing.T, part *findings.Part, path string, status int, contains ...string) {
	t.Helper()
	w := httptest.NewRecorder()
	(&web.Site{Parts: []web.Part{part}}).Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	if w.Code != status {
		t.Errorf("%s: status %d, want %d: %s", path, w.Code, status, w.Body)
	}
	for _, text := range contains {
		if !strings.Contains(w.Body.String(), text) {
			t.Errorf("%s: no %s in %s", path, text, w.Body)
		}
	}
}

func hunted() *report.Report {
	return &report.Report{
		Next: []string{"plumb hunt"}, Word: "LEAK", Title: "cache keeps 1.00 object per request", State: "leaking",
		Result: &leak.Result{Verdict: leak.Leaking, Snapshots: make([]leak.SnapshotSize, 2)},
		First:  []report.Section{{Heading: "Memory", Chart: &report.Chart{Series: []report.Series{{Name: "heapUsed", Values: []float64{1, 2, 3}, Note: "+1 B"}}}}},
	}
}

func TestHunt(t *testing.T) {
	part := &findings.Part{Hunt: hunted()}
	ask(t, part, "/api/reports", 200, `"id":"hunt"`, `"what":"cache keeps 1.00 object per request"`, `"state":"leaking"`)
	ask(t, part, "/api/reports/hunt", 200, `"verdict":"LEAK"`, `"values":[1,2,3]`, `"markdown":"# LEAK`)
	ask(t, part, "/api/reports/other", 404, `"hint":`)
}

func TestStore(t *testing.T) {
	dir := t.TempDir()
	store, err := diagnosis.Open(dir, diagnosis.Budget{})
	if err != nil {
		t.Fatal(err)
	}
	part := &findings.Part{Store: store}
	ask(t, part, "/api/reports", 200, `"findings":[]`)
	ask(t, part, "/api/reports/hunt", 404)

	// A finding without a comparison says why there is none.
	kept := filepath.Join(dir, "api-20261126-101500-1")
	if err := os.MkdirAll(kept, 0o700); err != nil {
		t.Fatal(err)
	}
	text := `{"id":"api-20261126-101500-1","app":"api","time":"2026-11-26T10:15:00Z","problem":"the program ended"}`
	if err := os.WriteFile(filepath.Join(kept, "finding.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ask(t, part, "/api/reports", 200, `"app":"api"`, `"what":"the program ended"`)
	ask(t, part, "/api/reports/api-20261126-101500-1", 200, `"what":"the program ended"`)
}
