//go:build unix

package npm

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

const version = "0.1.2-test.3"

// install packs the real plumb and installs it in an empty folder, which it returns.
func install(t *testing.T) string {
	t.Helper()
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not on the PATH")
		}
	}
	arch := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
	system := runtime.GOOS + "-" + arch
	if known := "linux-x64 linux-arm64 darwin-x64 darwin-arm64"; !strings.Contains(known, system) {
		t.Skip("npm has no plumb for " + system)
	}
	program, packed, app := filepath.Join(t.TempDir(), "plumb"), t.TempDir(), t.TempDir()
	run(t, ".", "go", "build", "-ldflags=-s -w", "-o", program, "../../cmd/plumb")
	run(t, "../..", "node", "npm/pack.js", version, packed, system+"="+program)
	run(t, app, "npm", "install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", "--cache", t.TempDir(),
		filepath.Join(packed, "plumb-dev-plumb-"+version+".tgz"), filepath.Join(packed, "plumb-dev-"+system+"-"+version+".tgz"))
	return app
}

func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func TestInstalled(t *testing.T) {
	app := install(t)
	leaky := filepath.Join(app, "leaky.js")
	source := "const http = require('node:http');\nconst all = [];\nhttp.createServer((req, res) => { all.push(req.url); res.end(); }).listen(0);\n"
	if err := os.WriteFile(leaky, []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	// Newer versions of Node.js become plumb, older ones stand in for it: both ways.
	for way, options := range map[string]string{"as it is": "", "standing in": "--require=" + writeFile(t, "delete process.execve")} {
		plumb := func(args ...string) *exec.Cmd {
			cmd := exec.Command(filepath.Join(app, "node_modules", ".bin", "plumb"), args...)
			cmd.Dir = app
			cmd.Env = append(os.Environ(), "NODE_OPTIONS="+options, "XDG_STATE_HOME="+t.TempDir(), "XDG_RUNTIME_DIR="+t.TempDir())
			return cmd
		}
		t.Run(way, func(t *testing.T) {
			t.Run("streams", func(t *testing.T) {
				cmd := plumb("run", "--metrics-address", "off", "--", "sh", "-c", "cat; echo wrong >&2")
				var errs strings.Builder
				cmd.Stdin, cmd.Stderr = strings.NewReader("through\n"), &errs
				out, err := cmd.Output()
				if err != nil || string(out) != "through\n" || !strings.Contains(errs.String(), "wrong\n") {
					t.Errorf("%q, %q, %v", out, errs.String(), err)
				}
			})
			t.Run("exit code of a finding", func(t *testing.T) {
				out, err := plumb("lint", "leaky.js", "--fail-on", "suspicion").CombinedOutput()
				if code(err) != 1 || !strings.Contains(string(out), "all") {
					t.Errorf("%v\n%s", err, out)
				}
			})
			t.Run("exit code of a mistake", func(t *testing.T) {
				out, err := plumb("nosuch").CombinedOutput()
				if code(err) != 2 || !strings.HasPrefix(string(out), "error: unknown command") {
					t.Errorf("%v\n%s", err, out)
				}
			})
			t.Run("signal", func(t *testing.T) {
				cmd := plumb("run", "--metrics-address", "off", "--restart", "never", "--", "node", "-e",
					"process.on('SIGTERM', () => { console.log('bye'); process.exit(7) }); console.log('ready'); setInterval(() => {}, 1000)")
				out, err := cmd.StdoutPipe()
				if err != nil {
					t.Fatal(err)
				}
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				defer time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() }).Stop()
				if got := read(out, len("ready\n")); got != "ready\n" {
					t.Fatalf("%q", got)
				}
				_ = cmd.Process.Signal(syscall.SIGTERM)
				if got := read(out, len("bye\n")); got != "bye\n" {
					t.Errorf("%q", got)
				}
				if err := cmd.Wait(); code(err) != 7 {
					t.Error(err)
				}
			})
		})
	}
	t.Run("nothing for this system", func(t *testing.T) {
		if err := os.RemoveAll(filepath.Join(app, "node_modules", "@plumb-dev", "linux-x64")); err != nil {
			t.Fatal(err)
		}
		for _, other := range []string{"linux-arm64", "darwin-x64", "darwin-arm64"} {
			_ = os.RemoveAll(filepath.Join(app, "node_modules", "@plumb-dev", other))
		}
		out, err := exec.Command(filepath.Join(app, "node_modules", ".bin", "plumb")).CombinedOutput()
		if code(err) != 2 || !strings.Contains(string(out), "is not installed\nhint: install without --omit=optional") {
			t.Errorf("%v\n%s", err, out)
		}
	})
}

func writeFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "before.cjs")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// read reads n bytes, or what there is.
func read(r io.Reader, n int) string {
	text := make([]byte, n)
	got, _ := io.ReadFull(r, text)
	return string(text[:got])
}

func code(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return -1
}
