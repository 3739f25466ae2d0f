package node

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// project makes a package whose start script is the test's app, with a script
// before it, in a directory whose name needs quotes.
func project(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "my project")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", dir)
	source, err := os.ReadFile(app(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"server.js":    string(source),
		"build.js":     "console.log('built')",
		"package.json": `{"name":"p","scripts":{"prestart":"node build.js","start":"node server.js"}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestWrapper holds that the program behind a wrapper is found, that it sees
// nothing of the agent, and that nothing is left behind.
func TestWrapper(t *testing.T) {
	dir := project(t)
	commands := map[string][]string{"sh": {"sh", "-c", "sleep 0; node server.js"}}
	if _, err := exec.LookPath("npm"); err == nil {
		commands["npm"] = []string{"npm", "start"}
		commands["npx"] = []string{"npx", "--no-install", "-c", "node server.js"}
	}
	for name, args := range commands {
		t.Run(name, func(t *testing.T) {
			out := newOutput(t)
			var stderr strings.Builder
			p, err := Start(t.Context(), Command{Args: args, Dir: dir, Stdout: out, Stderr: &stderr})
			if err != nil {
				t.Fatal(err)
			}
			url := out.after(t, "listening on ")
			if got := p.Info(); filepath.Base(got.Script) != "server.js" {
				t.Errorf("connected to %+v", got)
			}
			if got := p.Listening(); len(got) != 1 || "http://"+got[0] != url {
				t.Errorf("listening on %q, want %s", got, url)
			}
			var options string
			if err := p.Evaluate(t.Context(), "process.env.NODE_OPTIONS || ''", &options); err != nil || options != "" {
				t.Errorf("the program sees NODE_OPTIONS=%q, %v", options, err)
			}
			if _, err := p.Memory(t.Context()); err != nil {
				t.Error(err)
			}
			if err := p.Stop(t.Context()); err != nil {
				t.Error(err)
			}
			if s := stderr.String(); strings.Contains(s, "ebugger") {
				t.Errorf("standard error %q", s)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "plumb-agent-*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
