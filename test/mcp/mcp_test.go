//go:build conformance

package mcp

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const program = `const kept = [];
function grow() { for (let i = 0; i < 3000; i++) kept.push({ text: ['user', i].join('-') }); }
grow();
require('v8').writeHeapSnapshot('a.heapsnapshot');
grow();
require('v8').writeHeapSnapshot('b.heapsnapshot');
`

type answer struct {
	Failed bool
	Text   string
}

// TestConformanceClient asks plumb mcp with the SDK for TypeScript.
func TestConformanceClient(t *testing.T) {
	dir := t.TempDir()
	run := func(name string, args ...string) []byte {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir = dir
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		return out
	}
	client, err := os.ReadFile(filepath.Join("testdata", "client.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"app.js": []byte(program), "client.mjs": client, "package.json": []byte(`{"private":true}`)} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	plumb := filepath.Join(dir, "plumb")
	if out, err := exec.Command("go", "build", "-o", plumb, "../../cmd/plumb").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	run("npm", "install", "--silent", "--no-fund", "--no-audit", "@modelcontextprotocol/sdk@1")
	run("node", "app.js")
	var said struct {
		Server           string
		Tools            []string
		Schema           struct{ Properties map[string]any }
		Finding, Refused answer
	}
	if err := json.Unmarshal(run("node", "client.mjs", plumb, dir), &said); err != nil {
		t.Fatal(err)
	}
	if said.Server != "plumb" || !slices.Contains(said.Tools, "retaining_paths") || slices.Contains(said.Tools, "capture") {
		t.Errorf("%s has the tools %v", said.Server, said.Tools)
	}
	for _, property := range []string{"file", "top", "class"} {
		if said.Schema.Properties[property] == nil {
			t.Errorf("the schema of summary has no %s", property)
		}
	}
	if said.Finding.Failed || !strings.Contains(said.Finding.Text, "LEAK: kept keeps 1.00") {
		t.Errorf("the finding is %+v", said.Finding)
	}
	if !said.Refused.Failed || !strings.Contains(said.Refused.Text, "hint:") {
		t.Errorf("a file that is not there: %+v", said.Refused)
	}
}
