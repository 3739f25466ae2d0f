package snapshots_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/devtools"
	"github.com/plumb-dev/plumb/internal/web"
	"github.com/plumb-dev/plumb/internal/web/snapshots"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// program takes two snapshots; between them 500 texts are kept.
const program = `const v8 = require('v8');
const seen = [];
const keep = (n) => { for (let i = 0; i < n; i++) seen.push({ agent: ['Mozilla', i].join(' ') }); };
keep(100);
v8.writeHeapSnapshot('1.heapsnapshot');
keep(500);
v8.writeHeapSnapshot('2.heapsnapshot');`

// taken makes two snapshots of one real program.
func taken(t *testing.T) (folder string) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	folder = t.TempDir()
	cmd := exec.Command(node, "-e", program)
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return folder
}

type server struct {
	t       *testing.T
	site    *web.Site
	uploads string
}

func serve(t *testing.T, paths ...string) *server {
	t.Helper()
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	shelf, err := snapshots.NewShelf(paths...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := shelf.Close(); err != nil {
			t.Error(err)
		}
		if left, _ := os.ReadDir(temp); len(left) > 0 {
			t.Errorf("left in the folder of temporary files: %v", left)
		}
	})
	return &server{t: t, site: &web.Site{Parts: []web.Part{snapshots.New(shelf)}}, uploads: temp}
}

func (s *server) ask(method, path string, body []byte, status int) []byte {
	s.t.Helper()
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	if strings.HasSuffix(path, "/whatif") {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	s.site.Handler().ServeHTTP(w, r)
	if w.Code != status {
		s.t.Fatalf("%s %s: status %d, want %d: %s", method, path, w.Code, status, w.Body)
	}
	return w.Body.Bytes()
}

func get[T any](s *server, path string) T {
	s.t.Helper()
	var v T
	if err := json.Unmarshal(s.ask("GET", path, nil, 200), &v); err != nil {
		s.t.Fatal(err)
	}
	return v
}

func view(t *testing.T, path string) *devtools.View {
	t.Helper()
	snapshot, err := heap.Open(t.Context(), path, heap.Options{NoIndex: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = snapshot.Close() })
	v, err := devtools.New(t.Context(), snapshot)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestPerspectives holds the pages against the engine that the command line asks.
func TestPerspectives(t *testing.T) {
	folder := taken(t)
	s := serve(t, folder)
	if list := get[snapshots.Shown](s, "/api/snapshots").Snapshots; len(list) != 2 || list[0].Name != "1.heapsnapshot" || list[1].Source != snapshots.Captured {
		t.Fatalf("the list is %+v", list)
	}
	before, after := view(t, filepath.Join(folder, "1.heapsnapshot")), view(t, filepath.Join(folder, "2.heapsnapshot"))

	want, err := after.Summary(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	page := get[snapshots.Page[devtools.ClassRow]](s, "/api/snapshots/2/summary?offset=3&limit=4")
	if page.Total != len(want) || len(page.Rows) != 4 || page.Rows[0].Name != want[3].Name || page.Rows[3].Retained != want[6].Retained {
		t.Errorf("the page of the summary is %+v", page)
	}
	byCount := get[snapshots.Page[devtools.ClassRow]](s, "/api/snapshots/2/summary?sort=count&desc=true&limit=500").Rows
	if !slices.IsSortedFunc(byCount, func(a, b devtools.ClassRow) int { return b.Count - a.Count }) {
		t.Error("rows are not sorted by count")
	}
	since, err := after.Summary(t.Context(), after.IDRange(before.MaxJSObjectID(), after.MaxJSObjectID()))
	if err != nil {
		t.Fatal(err)
	}
	if page := get[snapshots.Page[devtools.ClassRow]](s, "/api/snapshots/2/summary?objects=since:1"); page.Total != len(since) || page.Rows[0].Name != since[0].Name {
		t.Errorf("since the first: %+v", page)
	}

	diff, err := devtools.Compare(t.Context(), before, after)
	if err != nil {
		t.Fatal(err)
	}
	compared := get[snapshots.Page[devtools.DiffRow]](s, "/api/snapshots/2/comparison?base=1&limit=500")
	if compared.Total != len(diff) || compared.Rows[0].Name != diff[0].Name || compared.Rows[0].SizeDelta != diff[0].SizeDelta {
		t.Errorf("the comparison begins with %+v, want %+v", compared.Rows[0], diff[0])
	}
	if s := get[devtools.Statistics](s, "/api/snapshots/2/statistics"); s != after.Statistics() {
		t.Errorf("statistics %+v", s)
	}

	key := url.QueryEscape(since[slices.IndexFunc(since, func(r devtools.ClassRow) bool { return strings.Contains(r.Name, "agent") || r.Name == "Object" })].Key)
	made := get[snapshots.Page[snapshots.Object]](s, "/api/snapshots/2/instances?objects=since:1&key="+key+"&limit=1")
	if made.Total < 500 {
		t.Errorf("%d objects were made, want the 500", made.Total)
	}
	changed := get[snapshots.Page[snapshots.Changed]](s, "/api/snapshots/2/changed?base=1&key="+key)
	if changed.Total < 500 || changed.Rows[0].Change != "new" {
		t.Errorf("changed: %d, %+v", changed.Total, changed.Rows[0])
	}
	merged := get[snapshots.Merged](s, "/api/snapshots/2/paths?objects=since:1&key="+key)
	last := merged.Paths[0].Steps[len(merged.Paths[0].Steps)-1]
	if merged.Paths[0].Objects < 500 || last.Class != "Array" || last.Edge != "[]" {
		t.Errorf("most are kept by %+v", merged.Paths[0])
	}
	ways := 0
	for _, class := range want {
		for _, way := range get[snapshots.Merged](s, "/api/snapshots/2/paths?key="+url.QueryEscape(class.Key)).Paths {
			n, _ := after.Snapshot().NodeByID(way.Example)
			d := after.Snapshot().Distance(n)
			if d < 1 || d > 50 || n == after.Snapshot().Root() {
				continue
			}
			ways++
			// Steps lead nearer to a root, and the last is a root's own. An edge that
			// counts for no distance, such as half a WeakMap entry's, may save one.
			if len(way.Steps) > int(d)-1 {
				t.Errorf("%d steps to @%d of class %s, which has the distance %d", len(way.Steps), way.Example, class.Name, d)
			}
		}
	}
	if ways < 100 {
		t.Errorf("only %d ways", ways)
	}

	one := "/api/snapshots/2/objects/" + url.PathEscape(json.Number(uintText(made.Rows[0].ID)).String())
	n, _ := after.Snapshot().NodeByID(made.Rows[0].ID)
	if d := get[snapshots.Detail](s, one); d.Retained != after.Snapshot().RetainedSize(n) || d.Retainers != after.Snapshot().RetainerCount(n) {
		t.Errorf("the object is %+v", d)
	}
	retaining, err := after.Retaining(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	holders := get[snapshots.Page[snapshots.Reference]](s, one+"/retainers")
	if rows := retaining.Rows(n); holders.Total != len(rows) || holders.Rows[0].ID != after.Snapshot().ID(rows[0].Node) {
		t.Errorf("retainers %+v", holders)
	}
	if again := get[snapshots.Page[snapshots.Reference]](s, "/api/snapshots/2/objects/"+uintText(holders.Rows[0].ID)+"/references?limit=500"); !slices.ContainsFunc(again.Rows, func(r snapshots.Reference) bool { return r.Node == uint32(n) }) {
		t.Error("what retains it does not refer to it among its 500 largest")
	}
	ignored := get[snapshots.Page[snapshots.Reference]](s, one+"/retainers?ignore="+uintText(holders.Rows[0].ID))
	if !ignored.Rows[0].Ignored && ignored.Rows[0].ID == holders.Rows[0].ID {
		t.Errorf("ignored: %+v", ignored.Rows[0])
	}
	paths := get[snapshots.Paths](s, one+"/paths")
	if len(paths.Paths) == 0 || paths.Paths[0][len(paths.Paths[0])-1].ID != made.Rows[0].ID {
		t.Errorf("paths %+v", paths)
	}
	var freed struct{ Objects int }
	if err := json.Unmarshal(s.ask("POST", "/api/snapshots/2/whatif", []byte(`{"objects":["`+uintText(holders.Rows[0].ID)+`"]}`), 200), &freed); err != nil || freed.Objects < 1000 {
		t.Errorf("without the array %d objects go (%v)", freed.Objects, err)
	}
	growth := get[snapshots.Page[snapshots.Growth]](s, "/api/growth?snapshots=1&snapshots=2")
	if g := growth.Rows[0]; g.Grown <= 0 || g.Counts[1]-g.Counts[0] != g.More || !g.Always {
		t.Errorf("growth %+v", g)
	}
	if tree := get[snapshots.Treemap](s, "/api/snapshots/2/treemap"); tree.Tile.Retained != after.Snapshot().TotalSize() || len(tree.Tile.Children) == 0 {
		t.Errorf("the treemap's root is %+v", tree.Tile.Object)
	}
	if groups := get[snapshots.Page[snapshots.Text]](s, "/api/snapshots/2/strings"); groups.Total != len(after.DuplicateStrings()) {
		t.Errorf("%d texts", groups.Total)
	}
	rows, err := csv.NewReader(bytes.NewReader(s.ask("GET", "/api/snapshots/2/summary.csv", nil, 200))).ReadAll()
	if err != nil || len(rows) != len(want)+1 || rows[1][1] != want[0].Name {
		t.Errorf("as a file: %d rows, %v", len(rows), err)
	}
	if lines := bytes.Count(s.ask("GET", "/api/snapshots/2/instances.json?key="+key, nil, 200), []byte("\n")); lines < 600 {
		t.Errorf("as a file: %d objects, want 600", lines)
	}
}

func uintText(n uint64) string {
	text, _ := json.Marshal(n)
	return string(text)
}

// TestQuery holds the query box's words.
func TestQuery(t *testing.T) {
	folder := taken(t)
	s := serve(t, filepath.Join(folder, "2.heapsnapshot"))
	v := view(t, filepath.Join(folder, "2.heapsnapshot"))
	count := func(passes func(heap.Node) bool) (n int) {
		for node := range heap.Node(v.Snapshot().NodeCount()) {
			if v.Snapshot().ShallowSize(node) > 0 && passes(node) {
				n++
			}
		}
		return n
	}
	for q, passes := range map[string]func(heap.Node) bool{
		"class:Array":   func(n heap.Node) bool { return v.ClassName(n) == "Array" },
		"retained>10kB": func(n heap.Node) bool { return v.Snapshot().RetainedSize(n) > 10_000 },
		"shallow<=16":   func(n heap.Node) bool { return v.Snapshot().ShallowSize(n) <= 16 },
		"type:closure":  func(n heap.Node) bool { return v.Snapshot().TypeName(n) == "closure" },
		"name~^Mozilla": func(n heap.Node) bool { return strings.HasPrefix(v.DisplayName(n), "Mozilla") },
		"Mozilla type:string": func(n heap.Node) bool {
			return strings.Contains(strings.ToLower(v.DisplayName(n)), "mozilla") && v.Snapshot().TypeName(n) == "string"
		},
		"id:1":                   func(n heap.Node) bool { return v.Snapshot().ID(n) == 1 },
		"class:Array distance<4": func(n heap.Node) bool { return v.ClassName(n) == "Array" && v.Snapshot().Distance(n) < 4 },
	} {
		if got := get[snapshots.Page[snapshots.Object]](s, "/api/snapshots/1/query?q="+url.QueryEscape(q)); got.Total != count(passes) {
			t.Errorf("%s finds %d, want %d", q, got.Total, count(passes))
		}
	}
	if below := get[snapshots.Page[snapshots.Object]](s, "/api/snapshots/1/query?q="+url.QueryEscape("path:seen Mozilla")); below.Total < 600 {
		t.Errorf("seen keeps %d texts, want the 600", below.Total)
	}
	for _, q := range []string{"retained>lots", "retained:5", "colour:red", " ", "name~("} {
		s.ask("GET", "/api/snapshots/1/query?q="+url.QueryEscape(q), nil, 400)
	}
}

// TestUpload holds what comes from a browser: it is opened, told of, and removed.
func TestUpload(t *testing.T) {
	folder := taken(t)
	text, err := os.ReadFile(filepath.Join(folder, "1.heapsnapshot"))
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t)
	var row snapshots.Snapshot
	if err := json.Unmarshal(s.ask("POST", "/api/snapshots?name=..%2F..%2Fmine.heapsnapshot", text, 200), &row); err != nil || row.Name != "mine.heapsnapshot" {
		t.Fatalf("the upload is %+v (%v)", row, err)
	}
	if page := get[snapshots.Page[devtools.ClassRow]](s, "/api/snapshots/"+row.ID+"/summary"); page.Total == 0 {
		t.Error("the upload has no classes")
	}
	for _, bad := range [][]byte{nil, []byte("<html>"), text[:len(text)/2]} {
		if err := json.Unmarshal(s.ask("POST", "/api/snapshots?name=bad.heapsnapshot", bad, 200), &row); err != nil {
			t.Fatal(err)
		}
		why := s.ask("GET", "/api/snapshots/"+row.ID+"/summary", nil, 422)
		if !bytes.Contains(why, []byte("bad.heapsnapshot")) || !bytes.Contains(why, []byte(`"hint":`)) || bytes.Contains(why, []byte(s.uploads)) {
			t.Errorf("refused with %s", why)
		}
		s.ask("DELETE", "/api/snapshots/"+row.ID, nil, 204)
	}
	s.ask("DELETE", "/api/snapshots/"+row.ID, nil, 404)
}

// TestKnown holds that a file which lies here already is opened where it lies, and only
// when it is the same.
func TestKnown(t *testing.T) {
	folder, near := taken(t), taken(t)
	t.Chdir(near)
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	down := filepath.Join(home, "Downloads", "today", "3.heapsnapshot")
	text, err := os.ReadFile(filepath.Join(folder, "2.heapsnapshot"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(down), 0o700), os.WriteFile(down, text, 0o600)); err != nil {
		t.Fatal(err)
	}
	s := serve(t, folder)
	// sample is what the page sends of a file.
	sample := func(path string) (query string, body []byte) {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		body = content
		if size := len(content); size > 64*4096 {
			body = nil
			for i := range 64 {
				body = append(body, content[i*(size-4096)/63:][:4096]...)
			}
		}
		return fmt.Sprintf("?name=%s&bytes=%d&modified=%d", filepath.Base(path), len(content), info.ModTime().UnixMilli()), body
	}
	known := func(query string, body []byte) *snapshots.Snapshot {
		t.Helper()
		var k snapshots.Known
		if err := json.Unmarshal(s.ask("POST", "/api/snapshots/known"+query, body, 200), &k); err != nil {
			t.Fatal(err)
		}
		return k.Snapshot
	}

	query, body := sample(filepath.Join(folder, "1.heapsnapshot"))
	if k := known(query, body); k == nil || k.ID != "1" || k.State == snapshots.Closed {
		t.Errorf("one on the shelf is %+v", k)
	}
	for _, path := range []string{filepath.Join(near, "2.heapsnapshot"), down} {
		query, body := sample(path)
		k := known(query, body)
		if k == nil || k.Source != snapshots.File {
			t.Fatalf("%s is %+v", path, k)
		}
		if page := get[snapshots.Page[devtools.ClassRow]](s, "/api/snapshots/"+k.ID+"/summary"); page.Total == 0 {
			t.Errorf("%s has no classes", path)
		}
		if again := known(query, body); again == nil || again.ID != k.ID {
			t.Errorf("%s is %+v at its second time", path, again)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(s.uploads, "*", "*.heapsnapshot")); len(left) > 0 {
		t.Errorf("sent and kept: %v", left)
	}

	for i := range 64 {
		other := slices.Clone(body)
		other[i*4096+4095]++
		if k := known(query, other); k != nil {
			t.Errorf("a file that differs at place %d is taken for %+v", i, k)
		}
	}
	for what, query := range map[string]string{
		"name": strings.Replace(query, "name=1", "name=..%2F1", 1),
		"size": strings.Replace(query, "bytes=", "bytes=1", 1),
		"time": query + "1",
		"path": strings.Replace(query, "name=1.heapsnapshot", "name="+url.QueryEscape(folder+"/1.heapsnapshot"), 1),
	} {
		if k := known(query, body); k != nil {
			t.Errorf("a file with another %s is taken for %+v", what, k)
		}
	}
	s.ask("POST", "/api/snapshots/known"+query, make([]byte, 64*4096+2), 413)
}

// TestOwnFiles holds that nothing removes the user's files, and that paths are not
// taken from requests.
func TestOwnFiles(t *testing.T) {
	folder := taken(t)
	s := serve(t, folder)
	get[snapshots.Shown](s, "/api/snapshots")
	s.ask("DELETE", "/api/snapshots/1", nil, 403)
	s.ask("GET", "/api/snapshots/"+url.PathEscape(folder+"/1.heapsnapshot")+"/summary", nil, 404)
	if _, err := os.Stat(filepath.Join(folder, "1.heapsnapshot")); err != nil {
		t.Error(err)
	}
}
