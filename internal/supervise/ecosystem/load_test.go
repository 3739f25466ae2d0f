package ecosystem

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumb-dev/plumb/internal/supervise"
)

// folder is a new one with an app.js and the files given as name and text.
func folder(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i, files := 0, append(files, "app.js", ""); i < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func loadText(t *testing.T, name, text string, opts Options) (*File, string, error) {
	t.Helper()
	dir := folder(t, name, text)
	opts.Dir = dir
	f, err := Load(t.Context(), filepath.Join(dir, name), opts)
	return f, dir, err
}

// TestMistakes loads what is wrong. The error must begin at the place given.
func TestMistakes(t *testing.T) {
	node := hasNode()
	for _, test := range []struct {
		name, file, text, want, hint string
		opts                         Options
		node                         bool // its words are node's
	}{
		{
			name: "comma", file: "e.config.js", text: "module.exports = {\n  apps: [{ name: 'a' script: 'app.js' }],\n};\n",
			want: "e.config.js:2:22: syntax error: ", hint: "comma",
		},
		{name: "end", file: "e.config.js", text: "module.exports = {\n  apps: [{ script: 'app.js' }],\n", want: "e.config.js:3:1: syntax error: unexpected end of the file", hint: "bracket"},
		{name: "json end", file: "e.json", text: "{ \"apps\": [ { \"script\": \"app.js\" }, ", want: "e.json:1:37: syntax error: unexpected end of the file", hint: "bracket"},
		{
			name: "json", file: "e.json", text: "{\n  \"apps\": [\n    { \"name\": \"a\", \"script\" \"app.js\" }\n  ]\n}\n",
			want: "e.json:3:29: syntax error: ", hint: "comma",
		},
		{name: "json first line", file: "e.json", text: `{"apps" [1]}`, want: "e.json:1:9: syntax error: ", hint: "comma"},
		{name: "json code", file: "e.json", text: "{\"apps\": [{\n\"script\": require('x') }]}", want: "e.json:2:11: is no value", hint: "ecosystem.config.js"},
		{name: "yaml", file: "e.yaml", text: "apps:\n  - name: a\n   script: app.js\n", want: "e.yaml:3:4: syntax error: did not find expected", hint: "indentation"},
		{name: "yaml empty", file: "e.yml", text: "# nothing\n", want: "e.yml: is empty"},
		{name: "yaml bomb", file: "e.yml", text: bomb(), want: "excessive aliasing"},
		{name: "no app", file: "e.json", text: `{"apps": []}`, want: "e.json: has no app: its list is empty", hint: "apps: ["},
		{name: "text", file: "e.json", text: `"app.js"`, want: `e.json: has no app: it exports the text "app.js"`, hint: "apps: ["},
		{name: "function", file: "e.config.js", text: "module.exports = () => ({ apps: [] })", want: "has no app: it exports a function"},
		{name: "no object", file: "e.json", text: `{"apps": ["app.js"]}`, want: `app 1: expected an object, found the text "app.js"`},
		{
			name: "twice", file: "e.json", text: "[{\"name\": \"a\", \"script\": \"app.js\"},\n {\"name\": \"a\", \"script\": \"app.js\"}]",
			want: `e.json:2:3: app "a": name: two apps have this name`, hint: "instances",
		},
		{name: "no script", file: "e.json", text: `[{"name": "a"}]`, want: `app "a": script: there is no script`, hint: `script: "app.js"`},
		{
			name: "script missing", file: "e.config.js", text: "module.exports = { apps: [{\n name: 'a',\n script: 'gone.js' }] }",
			want: `e.config.js:3:2: app "a": script: $DIR/gone.js is not there`, hint: "working directory",
		},
		{name: "script folder", file: "e.json", text: `[{"script": "."}]`, want: "script: $DIR is a folder"},
		{name: "cwd", file: "e.json", text: `[{"script": "app.js", "cwd": "gone"}]`, want: `e.json:1:23: app "app": cwd: $DIR/gone: no such file`, hint: "create"},
		{
			name: "type", file: "e.config.js", text: "module.exports = { apps: [\n { script: 'app.js' },\n { name: 'b', script: 'app.js',\n   max_memory_restart: true }] }",
			want: `e.config.js:4:4: app "b": max_memory_restart: expected bytes or a size, found true`, hint: "300M",
		},
		{
			name: "type by alias", file: "e.json", text: `[{"script": "app.js", "maxMemoryRestart": "lots"}]`,
			want: `e.json:1:23: app "app": maxMemoryRestart: "lots" is not an amount of memory`, hint: "300M",
		},
		{
			name: "type yaml", file: "e.yml", text: "apps:\n  - script: app.js\n    name: a\n    autorestart: sometimes\n",
			want: `e.yml:4:5: app "a": autorestart: expected true or false, found the text "sometimes"`,
		},
		{name: "duration", file: "e.json", text: `[{"script": "app.js", "min_uptime": "10 weeks"}]`, want: `min_uptime: expected milliseconds or a time as "90s"`},
		{name: "negative", file: "e.json", text: `[{"script": "app.js", "kill_timeout": -1}]`, want: "kill_timeout: -1 is less than 0"},
		{name: "instances", file: "e.json", text: `[{"script": "app.js", "instances": "many"}]`, want: `instances: expected a number or "max"`},
		{name: "instances 1e9", file: "e.json", text: `[{"script": "app.js", "instances": 1e9}]`, want: `instances: 1000000000 are more than 1000`},
		{name: "mode", file: "e.json", text: `[{"script": "app.js", "exec_mode": "threads"}]`, want: `exec_mode: expected "cluster" or "fork"`},
		{name: "signal", file: "e.json", text: `[{"script": "app.js", "kill_signal": 9}]`, want: `kill_signal: expected text, found 9`},
		{name: "env type", file: "e.json", text: `[{"script": "app.js", "env": ["A"]}]`, want: `env: expected an object, found a list`},
		{name: "env name", file: "e.json", text: `[{"script": "app.js", "env": {"A=B": 1}}]`, want: `env: "A=B" cannot be the name of a variable`},
		{name: "nvm", file: "e.json", text: `[{"script": "app.js", "interpreter": "node@18.1.0"}]`, want: `interpreter: plumb does not use nvm`},
		{
			name: "env", file: "e.json", text: `[{"script": "app.js", "env_test": {}, "env_production": {}}]`, opts: Options{Env: "prod"},
			want: "e.json: env_prod: no app has this environment", hint: "there are: production, test",
		},
		{name: "no env", file: "e.json", text: `[{"script": "app.js"}]`, opts: Options{Env: "prod"}, want: "env_prod", hint: "leave --env out"},
		{name: "only", file: "e.json", text: `[{"script": "app.js"}]`, opts: Options{Only: []string{"api"}}, want: `no app "api"`, hint: "there are: app"},
		{
			name: "throw", file: "e.config.js", text: "const port = process.env.PLUMB_NO_PORT;\nif (!port) throw new Error('set PLUMB_NO_PORT');\n",
			want: "e.config.js:2:18: Error: set PLUMB_NO_PORT",
		},
		{
			name: "loop", file: "e.config.js", text: "let n = 0;\nfor (;;) n++;\n", opts: Options{limit: 200 * time.Millisecond},
			want: "e.config.js:2:", hint: "loop",
		},
		{
			name: "getter loop", file: "e.config.js", text: "module.exports = { get apps() { for (;;); } }", opts: Options{limit: 200 * time.Millisecond},
			want: "its JavaScript does not end", hint: "loop",
		},
		{name: "memory", file: "e.config.js", text: "const all = [];\nfor (;;) all.push(new ArrayBuffer(1e7));\n", opts: Options{limit: time.Minute}, want: "its JavaScript takes too much memory"},
		{name: "cycle", file: "e.config.js", text: "const a = { script: 'app.js' };\na.env = a;\nmodule.exports = { apps: [a] };\n", want: "nested more than 64 deep, or without end"},
		{name: "huge", file: "e.config.js", text: "module.exports = { apps: Array.from({ length: 200000 }, (_, i) => i) }", want: "makes more than"},
		{name: "huge array", file: "e.config.js", text: "module.exports = { apps: new Array(2 ** 31) }", want: "makes more than"},
		{name: "deep", file: "e.json", text: strings.Repeat("[", 100_000), want: "is nested more than 500 deep"},
		{name: "long", file: "e.json", text: strings.Repeat(" ", maxFile+1), want: "bytes are too many"},
		{name: "ending", file: "e.toml", text: "", want: `its name ends in ".toml"`, hint: ".yaml"},
		{name: "esm", file: "e.config.mjs", text: "import fs from 'node:fs';\nexport default { apps: [{ script: 'app.js' 'x' }] };\n", want: "e.config.mjs:2:44: syntax error: ", node: true},
		{name: "package", file: "e.config.js", text: "require('no-such-package');\n", want: "Cannot find module 'no-such-package'", hint: "npm install", node: true},
		{name: "reference", file: "e.config.js", text: "module.exports = { apps: [{ script: scrpt }] }", want: "e.config.js:1:37: ReferenceError: scrpt is not defined", node: true},
		{name: "await", file: "e.config.mjs", text: "await new Promise((done) => setTimeout(done, 60000));\n", opts: Options{limit: 500 * time.Millisecond}, want: "its JavaScript does not end", node: true},
		{name: "exit", file: "e.config.mjs", text: "process.exit(0);\nexport default {};\n", want: "it ended node before", node: true},
		{name: "loud", file: "e.config.js", text: "for (;;) console.log('x'.repeat(100000));\n", want: "it prints more than 4194304 bytes"},
		{name: "output", file: "e.config.mjs", text: "for (;;) {\n  console.log('x'.repeat(100000));\n  await new Promise(setImmediate);\n}\n", want: "it makes more than 4194304 bytes", node: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.node && !node {
				t.Skip("Node.js is not on the PATH")
			}
			_, dir, err := loadText(t, test.file, test.text, test.opts)
			var wrong *Error
			if !errors.As(err, &wrong) {
				t.Fatalf("error %v, want an *Error", err)
			}
			if want := strings.ReplaceAll(test.want, "$DIR", dir); !strings.Contains(err.Error(), want) {
				t.Errorf("error %q, want it to contain %q", err, want)
			}
			if wrong.Hint == "" || !strings.Contains(wrong.Hint, test.hint) {
				t.Errorf("hint %q, want it to contain %q", wrong.Hint, test.hint)
			}
		})
	}
}

// bomb is YAML whose aliases multiply to a billion.
func bomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x]\n")
	for i := range 9 {
		fmt.Fprintf(&b, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i+1, i+1, i, i, i, i, i, i, i, i, i)
	}
	return b.String()
}

func hasNode() bool {
	_, err := exec.LookPath("node")
	return err == nil
}

func TestNoFile(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]string{
		filepath.Join(dir, "ecosystem.config.js"): "no such file",
		dir: "is a folder",
	} {
		if _, err := Load(t.Context(), path, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("load %s: %v, want %q", path, err, want)
		}
	}
}

// TestWarnings holds that nothing is ignored in silence.
func TestWarnings(t *testing.T) {
	f, dir, err := loadText(t, "e.config.js", `module.exports = {
  apps: [{
    name: 'a',
    script: 'app.js',
    max_memory_restrat: '300M',
    out: 'a.log',
    out_file: 'b.log',
    env_production: {},
    pmx: false,
  }, {
    name: 'b', script: 'app.js', treekill: true,
    colour: 'blue',
  }],
  deploy: {},
  extra: 1,
};
`, Options{Env: "production"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range f.Warnings {
		got = append(got, strings.TrimPrefix(w.String(), dir+"/"))
	}
	want := []string{
		`e.config.js:14:3: deploy: is ignored: plumb deploys nothing`,
		`e.config.js:15:3: extra: is ignored: it is none of PM2's`,
		`e.config.js:6:5: app "a": out: is ignored: out_file says the same`,
		`e.config.js:9:5: app "a": pmx: is ignored: plumb puts nothing of PM2's into an app`,
		`e.config.js:5:5: app "a": max_memory_restrat: is ignored: PM2 has no such field; did you mean max_memory_restart?`,
		`e.config.js:11:34: app "b": treekill: is ignored: plumb ends an app with the processes that it started`,
		`e.config.js:12:5: app "b": colour: is ignored: PM2 has no such field`,
		`e.config.js: app "b": has no env_production: it gets env alone`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestForms loads what PM2 refuses and people write all the same.
func TestForms(t *testing.T) {
	f, dir, err := loadText(t, "e.json", `{"apps": [{
  "script": "app.js", "max_memory_restart": "1.5G", "min_uptime": "90s", "kill_timeout": "1m30s", "restart_delay": "250",
  "log_file": "all.log", "instances": 3, "kill_signal": "sigterm", "cron_restart": 0, "stop_exit_codes": 3, "watch": [], "user": "node"
}]}`, Options{})
	if err != nil {
		t.Fatal(err)
	}
	a := f.Apps[0]
	for _, check := range []struct{ got, want any }{
		{a.Name, "app"},
		{a.MaxMemory, supervise.Limit{Bytes: 3 << 29}},
		{a.MinUptime, 90 * time.Second},
		{a.KillTimeout, 90 * time.Second},
		{a.RestartDelay, 250 * time.Millisecond},
		{a.Logs.Both, filepath.Join(dir, "all.log")},
		{a.Logs.BothOn, true},
		{a.Instances, 3},
		{a.Cluster, true},
		{a.KillSignal, "SIGTERM"},
		{a.CronRestart, ""},
		{fmt.Sprint(a.StopExitCodes), "[3]"},
		{fmt.Sprint(a.Watch), "[" + dir + "]"},
		{a.User, "node"},
		{fmt.Sprint(a.Command), "[node " + filepath.Join(dir, "app.js") + "]"},
	} {
		if check.got != check.want {
			t.Errorf("%v, want %v", check.got, check.want)
		}
	}
}

// TestNodeFallback loads what only the user's node can run.
func TestNodeFallback(t *testing.T) {
	if !hasNode() {
		t.Skip("Node.js is not on the PATH")
	}
	dir := shop(t)
	var said bytes.Buffer
	f, err := Load(t.Context(), filepath.Join(dir, "esm.config.mjs"), Options{Dir: dir, Output: &said})
	if err != nil {
		t.Fatal(err)
	}
	if a := f.Apps[0]; a.Env["VERSION"] != "4.2.1" || a.Command[1] != filepath.Join(dir, "app.mjs") {
		t.Errorf("app %+v", a)
	}
	if said.String() != "the shop, version 4.2.1\n" {
		t.Errorf("it said %q", said.String())
	}
	f, _, err = loadText(t, "e.config.js", `
let name = 'not caught';
try { name = require('fs').existsSync('app.js') ? 'there' : 'gone'; } catch { name = 'caught'; }
module.exports = { apps: [{ name, script: 'app.js', env: { NODE: process.version.slice(0, 1), URL: String(new URL('http://a/b')) } }] };
`, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if a := f.Apps[0]; a.Name != "there" || a.Env["NODE"] != "v" || a.Env["URL"] != "http://a/b" {
		t.Errorf("app %s with %v", a.Name, a.Env)
	}
}

// TestCommands finds programs that are no files, and shell lines.
func TestCommands(t *testing.T) {
	dir := shop(t)
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "npm"), []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	f, err := Load(t.Context(), filepath.Join(dir, "plain.config.cjs"), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	var got [][]string
	for _, a := range f.Apps {
		got = append(got, append([]string{a.Name}, a.Command...))
	}
	want := [][]string{
		{"web", filepath.Join(bin, "npm"), "run", "start", "--", "--port", "3000"},
		{"pipe", "sh", "-c", "node app.js | cat"},
		{"app", "node", filepath.Join(dir, "app.js")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if a := f.Apps[2]; a.Env["PORT"] != "8080" || strings.Join(a.FilterEnv, " ") != "SECRET TOKEN" {
		t.Errorf("app %+v", a)
	}
}

// TestBesideTheFile starts from another folder.
func TestBesideTheFile(t *testing.T) {
	dir := folder(t, "e.json", `[{"script": "app.js"}]`)
	f, err := Load(t.Context(), filepath.Join(dir, "e.json"), Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if f.Apps[0].Dir != dir || len(f.Warnings) != 1 {
		t.Errorf("dir %s, warnings %v", f.Apps[0].Dir, f.Warnings)
	}
}
