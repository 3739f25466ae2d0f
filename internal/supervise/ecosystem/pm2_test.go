package ecosystem

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// update has PM2 itself write the expected values: PLUMB_PM2=.../node_modules/pm2
// go test ./internal/supervise/ecosystem -update
var update = flag.Bool("update", false, "write testdata/pm2 anew")

// pm2App is an app as testdata/pm2.cjs prints it.
type pm2App struct {
	Name          string            `json:"name"`
	Script        string            `json:"script"`
	Args          []any             `json:"args"`
	NodeArgs      []string          `json:"nodeArgs"`
	Interpreter   string            `json:"interpreter"`
	Dir           string            `json:"dir"`
	Env           map[string]string `json:"env"`
	Instances     any               `json:"instances"`
	Cluster       bool              `json:"cluster"`
	MaxMemory     int64             `json:"maxMemory"`
	MinUptime     int64             `json:"minUptime"`
	MaxRestarts   int               `json:"maxRestarts"`
	RestartDelay  int64             `json:"restartDelay"`
	Backoff       int64             `json:"backoff"`
	KillTimeout   int64             `json:"killTimeout"`
	ListenTimeout int64             `json:"listenTimeout"`
	AutoRestart   bool              `json:"autoRestart"`
	Cron          string            `json:"cron"`
	Out           string            `json:"out"`
	Err           string            `json:"err"`
	DateFormat    string            `json:"dateFormat"`
	Merge         bool              `json:"merge"`
	WaitReady     bool              `json:"waitReady"`
	StopCodes     []int             `json:"stopCodes"`
	InstanceVar   string            `json:"instanceVar"`
	Watch         any               `json:"watch"`
}

// likePM2 writes an app in PM2's terms.
func likePM2(a *App) pm2App {
	ms := func(d time.Duration) int64 { return d.Milliseconds() }
	p := pm2App{
		Name: a.Name, Script: a.Script, Args: []any{}, NodeArgs: a.NodeArgs, Interpreter: a.Interpreter, Dir: a.Dir, Env: a.Env,
		Instances: float64(a.Instances), Cluster: a.Cluster, MaxMemory: int64(a.MaxMemory.Bytes), MinUptime: ms(a.MinUptime), MaxRestarts: a.MaxRestarts,
		RestartDelay: ms(a.RestartDelay), Backoff: ms(a.BackoffDelay), KillTimeout: ms(a.KillTimeout), ListenTimeout: ms(a.ListenTimeout),
		AutoRestart: a.AutoRestart, Cron: a.CronRestart, Out: a.Logs.Out, Err: a.Logs.Err, DateFormat: a.Logs.DateFormat,
		Merge: a.Logs.Merge, WaitReady: a.WaitReady, StopCodes: append([]int{}, a.StopExitCodes...), InstanceVar: a.InstanceVar, Watch: false,
	}
	if p.NodeArgs == nil {
		p.NodeArgs = []string{}
	}
	for _, arg := range a.Args {
		p.Args = append(p.Args, arg)
	}
	if p.Interpreter == "" {
		p.Interpreter = "none"
	}
	if a.Logs.ErrOff {
		p.Err = os.DevNull
	}
	if len(a.Watch) > 0 {
		watch := []any{}
		for _, path := range a.Watch {
			watch = append(watch, path)
		}
		p.Watch = watch
	}
	return p
}

// comparable takes out of PM2's values what is another way to say the same.
func (p *pm2App) comparable() {
	abs := func(path string) string {
		if path == "" || filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(p.Dir, path)
	}
	p.Out, p.Err = abs(p.Out), abs(p.Err)
	for i, arg := range p.Args {
		p.Args[i] = fmt.Sprint(arg)
	}
	switch watch := p.Watch.(type) {
	case bool:
		if watch {
			p.Watch = []any{p.Dir}
		}
	case []any:
		for i := range watch {
			watch[i] = abs(watch[i].(string))
		}
	}
	switch p.Instances {
	case "cpus":
		p.Instances = float64(runtime.NumCPU())
	case "cpus-1":
		p.Instances = float64(max(1, runtime.NumCPU()-1))
	}
}

// TestAsPM2 compares with what PM2 7.0.4 makes of the same files.
func TestAsPM2(t *testing.T) {
	dir := shop(t)
	t.Setenv("LOG_LEVEL", "info")
	for _, test := range []struct{ file, env string }{
		{"tutorial.config.js", ""},
		{"ecosystem.config.js", ""},
		{"ecosystem.config.js", "production"},
		{"ecosystem.config.js", "staging"},
		{"services.json", ""},
		{"services.json", "production"},
		{"workers.yml", "production"},
		{"package.json", ""},
	} {
		t.Run(test.file+" "+test.env, func(t *testing.T) {
			f, err := Load(t.Context(), filepath.Join(dir, test.file), Options{Env: test.env, Dir: dir})
			if err != nil {
				t.Fatal(err)
			}
			want := fromPM2(t, dir, test.file, test.env)
			if len(want) != len(f.Apps) {
				t.Fatalf("%d apps, PM2 has %d", len(f.Apps), len(want))
			}
			for i := range f.Apps {
				got := likePM2(&f.Apps[i])
				want[i].comparable()
				if diff := cmp.Diff(want[i], got); diff != "" {
					t.Errorf("app %d differs from PM2's (-):\n%s", i, diff)
				}
			}
		})
	}
}

// fromPM2 is what PM2 makes of a file: as recorded, or with PLUMB_PM2 as it is.
func fromPM2(t *testing.T, dir, file, env string) []pm2App {
	t.Helper()
	golden := filepath.Join("testdata", "pm2", strings.TrimSuffix(file+" "+env, " ")+".json")
	pm2 := os.Getenv("PLUMB_PM2")
	var data []byte
	var err error
	if pm2 == "" {
		data, err = os.ReadFile(golden)
		data = bytes.ReplaceAll(data, []byte("$DIR"), []byte(dir))
	} else {
		cmd := exec.Command("node", filepath.Join(filepath.Dir(dir), "pm2.cjs"), pm2, file, env)
		cmd.Dir, cmd.Stderr = dir, os.Stderr
		data, err = cmd.Output()
	}
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		text := bytes.ReplaceAll(data, []byte(dir), []byte("$DIR"))
		if err := os.WriteFile(golden, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var apps []pm2App
	if err := json.Unmarshal(data, &apps); err != nil {
		t.Fatal(err)
	}
	return apps
}

func shop(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("testdata", "shop"))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
