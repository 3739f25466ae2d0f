//go:build conformance

package sql

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const program = `class Session { constructor(i) { this.text = ['user', i].join('-'); } }
const kept = [];
function grow() { for (let i = 0; i < 3000; i++) kept.push(new Session(i)); }
grow();
require('v8').writeHeapSnapshot('before.heapsnapshot');
grow();
require('v8').writeHeapSnapshot('app.heapsnapshot');
`

// TestConformanceSQL runs every query of the page, and compares those that plumb has an
// answer for.
func TestConformanceSQL(t *testing.T) {
	dir := t.TempDir()
	run := func(input, name string, args ...string) []byte {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(input)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s %v: %v\n%s", name, args, err, out)
		}
		return out
	}
	script, err := os.ReadFile(filepath.Join("testdata", "run.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"app.js": []byte(program), "run.mjs": script, "package.json": []byte(`{"private":true}`)} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	plumb := filepath.Join(dir, "plumb")
	if out, err := exec.Command("go", "build", "-o", plumb, "../../cmd/plumb").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	run("", "npm", "install", "--silent", "--no-fund", "--no-audit", "@duckdb/node-api")
	run("", "node", "app.js")
	for _, file := range []string{"before.heapsnapshot", "app.heapsnapshot"} {
		run("", plumb, "heap", "export", file, "--parquet", "-q")
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "sql.md"))
	if err != nil {
		t.Fatal(err)
	}
	var summary struct {
		Rows []struct {
			Name           string
			Count, Shallow int
		}
	}
	if err := json.Unmarshal(run("", plumb, "heap", "summary", "app.heapsnapshot", "--json", "-q"), &summary); err != nil {
		t.Fatal(err)
	}
	var session struct{ Rows []struct{ ID int } }
	if err := json.Unmarshal(run("", plumb, "heap", "instances", "app.heapsnapshot", "Session", "--json", "-q"), &session); err != nil {
		t.Fatal(err)
	}
	var queries []string
	for _, block := range regexp.MustCompile("(?s)```sql\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		q := strings.NewReplacer("12345", fmt.Sprint(session.Rows[0].ID), "'after.", "'app.").Replace(block[1])
		queries = append(queries, q)
	}
	queries = append(queries, `select class, count(*) as objects, sum(shallow) as bytes from 'app.nodes.parquet' where shallow > 0 group by class`)
	asked, err := json.Marshal(queries)
	if err != nil {
		t.Fatal(err)
	}
	var answers [][]map[string]any
	if err := json.Unmarshal(run(string(asked), "node", "run.mjs"), &answers); err != nil {
		t.Fatal(err)
	}
	for i, rows := range answers {
		if len(rows) == 0 {
			t.Errorf("no row answers\n%s", queries[i])
		}
	}
	classes := map[string]map[string]any{}
	for _, row := range answers[len(answers)-1] {
		classes[row["class"].(string)] = row
	}
	// Summary has a row for each of two classes of one name.
	counts, bytes := map[string]int{}, map[string]int{}
	for _, row := range summary.Rows {
		counts[row.Name] += row.Count
		bytes[row.Name] += row.Shallow
	}
	for name := range counts {
		got := classes[name]
		if fmt.Sprint(got["objects"]) != fmt.Sprint(counts[name]) || fmt.Sprint(got["bytes"]) != fmt.Sprint(bytes[name]) {
			t.Errorf("%s: SQL says %v objects with %v bytes, plumb %d with %d", name, got["objects"], got["bytes"], counts[name], bytes[name])
		}
	}
	// Who holds the sessions, what is new, the way up.
	if holder := answers[2][0]; holder["class"] != "Array" && holder["class"] != "(object elements)" && holder["class"] != "(array)" {
		t.Errorf("sessions are held by %v", holder)
	}
	if first := answers[4][0]; first["class"] != "Session" && first["class"] != "(string)" {
		t.Errorf("new is most of all %v", first)
	}
}
