package snapshots_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/plumb-dev/plumb/internal/testheap"
	"github.com/plumb-dev/plumb/internal/web/snapshots"
)

// TestCallers goes up the tree of those who called a function that allocated.
func TestCallers(t *testing.T) {
	b := testheap.New()
	b.Node("synthetic", "", 0)
	var functions []int
	for _, name := range []string{"(root)", "main", "serve", "alloc"} {
		functions = append(functions, b.Function(testheap.Function{ID: int64(len(functions)), Name: name, Script: "app.js"}))
	}
	root := b.Trace(0, functions[0], 0, 0)
	main := b.Trace(root, functions[1], 0, 0)
	b.Trace(main, functions[3], 2, 20)
	serving := b.Trace(main, functions[2], 1, 5)
	b.Trace(serving, functions[3], 7, 700)
	path := filepath.Join(t.TempDir(), "traced.heapsnapshot")
	if err := os.WriteFile(path, b.JSON(), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, path)
	rows := func(query string) []snapshots.Allocator {
		return get[snapshots.Page[snapshots.Allocator]](s, "/api/snapshots/1/"+query).Rows
	}
	if tops := rows("allocations"); len(tops) != 2 || tops[0].Function != "alloc" || tops[0].Size != 720 || !tops[0].Called {
		t.Errorf("tops %+v", tops)
	}
	if callers := rows("callers?of=3&sort=size&desc=true"); len(callers) != 2 || callers[0].Function != "serve" || callers[0].Size != 700 || callers[1].Function != "main" || callers[1].Size != 20 {
		t.Errorf("callers of alloc %+v", callers)
	}
	if callers := rows("callers?of=3.2"); len(callers) != 1 || callers[0].Function != "main" || callers[0].Count != 7 {
		t.Errorf("callers of serve %+v", callers)
	}
	for _, none := range []string{"", "x", "9", "3.9", "3.2.2", "1"} {
		s.ask("GET", "/api/snapshots/1/callers?of="+none, nil, 404)
	}
}

// TestRedacted downloads a snapshot without contents, and says why one cannot be read.
func TestRedacted(t *testing.T) {
	folder := taken(t)
	text, err := os.ReadFile(filepath.Join(folder, "2.heapsnapshot"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "3.heapsnapshot"), text[:len(text)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, folder)
	list := get[snapshots.Shown](s, "/api/snapshots").Snapshots
	id := func(name string) string {
		return list[slices.IndexFunc(list, func(s snapshots.Snapshot) bool { return s.Name == name })].ID
	}
	clean := s.ask("GET", "/api/snapshots/"+id("2.heapsnapshot")+"/redacted", nil, 200)
	if !bytes.Contains(text, []byte("Mozilla 17\"")) || bytes.Contains(clean, []byte("Mozilla")) || !bytes.Contains(clean, []byte("\"agent\"")) {
		t.Errorf("%d bytes have become %d", len(text), len(clean))
	}
	why := s.ask("GET", "/api/snapshots/"+id("3.heapsnapshot")+"/redacted", nil, 422)
	if !bytes.Contains(why, []byte("3.heapsnapshot")) || !bytes.Contains(why, []byte(`"hint":`)) {
		t.Errorf("refused with %s", why)
	}
	s.ask("GET", "/api/snapshots/99/redacted", nil, 404)
}
