package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const leakyProgram = `const kept = [];
function grow() { for (let i = 0; i < 3000; i++) kept.push({ text: ['user', i].join('-') }); }
grow();
require('v8').writeHeapSnapshot('a.heapsnapshot');
grow();
require('v8').writeHeapSnapshot('b.heapsnapshot');
`

// assistant asks plumb mcp.
func assistant(t *testing.T, dir string, args ...string) (session *mcp.ClientSession, ask func(tool string, arguments map[string]any, failed bool) string) {
	t.Helper()
	cmd := exec.Command("plumb", append([]string{"mcp"}, args...)...)
	cmd.Dir = dir
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &mcp.CommandTransport{Command: cmd}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session, func(tool string, arguments map[string]any, failed bool) string {
		t.Helper()
		r, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
		if err != nil {
			t.Fatalf("%s: %v", tool, err)
		}
		text := r.Content[0].(*mcp.TextContent).Text
		if r.IsError != failed {
			t.Errorf("%s: an error: %v, want %v\n%s", tool, r.IsError, failed, text)
		}
		return text
	}
}

// TestMCP asks what an assistant asks who looks for a leak.
func TestMCP(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "app.js"), []byte(leakyProgram), 0o600); err != nil {
		t.Fatal(err)
	}
	node := exec.Command("node", "app.js")
	node.Dir = dir
	if out, err := node.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	session, ask := assistant(t, dir)
	tools, err := session.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tool := range tools.Tools {
		names = append(names, tool.Name)
		if !tool.Annotations.ReadOnlyHint {
			t.Errorf("%s does not only read", tool.Name)
		}
	}
	for _, touches := range []string{"capture", "memory", "collect_garbage"} {
		if slices.Contains(names, touches) {
			t.Errorf("%s is there without --allow-capture", touches)
		}
	}
	type is = map[string]any
	for _, tt := range []struct {
		tool      string
		arguments is
		want      string
	}{
		{"open", is{"file": "b.heapsnapshot"}, "odes"},
		{"stats", is{"file": "a.heapsnapshot"}, "Other JS objects"},
		{"summary", is{"file": "b.heapsnapshot", "since": "a.heapsnapshot", "top": 1}, "a larger top shows them"},
		{"compare", is{"base": "a.heapsnapshot", "target": "b.heapsnapshot", "top": 1}, "+3,000"},
		{"growth", is{"files": []string{"a.heapsnapshot", "b.heapsnapshot"}, "top": 1}, "{text}"},
		{"instances", is{"file": "b.heapsnapshot", "class": "{text}", "top": 2}, "{text} @"},
		{"search", is{"file": "b.heapsnapshot", "text": "user-17"}, "user-17"},
		{"lint", is{"paths": []string{"app.js"}}, "1 file"},
		{"explain_rule", is{"rule": "grow-only-collection"}, "Why it leaks"},
	} {
		if text := ask(tt.tool, tt.arguments, false); !strings.Contains(text, tt.want) {
			t.Errorf("%s has no %q:\n%s", tt.tool, tt.want, text)
		}
	}
	found := ask("finding", is{"files": []string{"a.heapsnapshot", "b.heapsnapshot"}, "requests": 3000}, false)
	if !strings.Contains(found, "LEAK: kept keeps 1.00") || !strings.Contains(found, "app.js:1") {
		t.Errorf("the finding is\n%s", found)
	}
	_, id, _ := strings.Cut(found, "Array @")
	id, _, _ = strings.Cut(id, ",")
	for tool, want := range map[string]string{"object": "kept in", "retainers": "kept in", "retaining_paths": " ", "whatif": "6,000"} {
		arguments := is{"file": "b.heapsnapshot", "id": id}
		if tool == "whatif" {
			arguments = is{"file": "b.heapsnapshot", "ids": []string{id}}
		}
		if text := ask(tool, arguments, false); !strings.Contains(text, want) {
			t.Errorf("%s has no %q:\n%s", tool, want, text)
		}
	}

	// What cannot be answered says why; nothing that is asked becomes an option.
	for _, tt := range []struct {
		tool      string
		arguments is
		want      string
	}{
		{"stats", is{"file": "none"}, "hint: check the path"},
		{"stats", is{"file": "--help"}, "./--help"},
		{"finding", is{"files": []string{"b.heapsnapshot", "a.heapsnapshot"}}, "hint:"},
		{"growth", is{"files": []string{"a.heapsnapshot"}}, "two snapshots"},
		{"object", is{"file": "b.heapsnapshot", "id": "--top=1"}, "no id of an object"},
		{"explain_rule", is{"rule": "none"}, "none"},
	} {
		if text := ask(tt.tool, tt.arguments, true); !strings.Contains(text, tt.want) {
			t.Errorf("%s %v has no %q:\n%s", tt.tool, tt.arguments, tt.want, text)
		}
	}
}

// TestMCPCapture takes a snapshot of a program, where that is allowed.
func TestMCPCapture(t *testing.T) {
	dir := t.TempDir()
	p := newProgram(t, "console.log('ready'); setInterval(() => {}, 1000)")
	_, ask := assistant(t, dir, "--allow-capture", "--folder", "taken")
	id := strconv.Itoa(p.cmd.Process.Pid)
	if text := ask("list_processes", map[string]any{}, false); !strings.Contains(text, id) {
		t.Errorf("list_processes has no %s:\n%s", id, text)
	}
	pid := map[string]any{"pid": p.cmd.Process.Pid}
	for tool, want := range map[string]string{"memory": "heapUsed", "collect_garbage": "freed", "capture": "taken/heapSnapshot-mcp-"} {
		if text := ask(tool, pid, false); !strings.Contains(text, want) {
			t.Errorf("%s has no %q:\n%s", tool, want, text)
		}
	}
	if files, err := filepath.Glob(filepath.Join(dir, "taken", "*.heapsnapshot")); err != nil || len(files) != 1 {
		t.Errorf("taken: %v, %v", files, err)
	}
}
