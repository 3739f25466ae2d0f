package structure

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/plumb-dev/plumb"

// rooms says for each room which other rooms of the module it may import,
// directly. A room includes the packages below it (so heap includes
// heap/internal/decode). Rooms that do not exist yet are listed too: the
// directions are known before the code.
var rooms = map[string][]string{
	"heap":                   {},
	"internal/testheap":      {"heap"},
	"internal/devtools":      {"heap"},
	"internal/leak":          {"heap"},
	"internal/export":        {"heap", "internal/devtools"},
	"internal/report":        {"heap", "internal/devtools", "internal/leak", "internal/report/sarif"},
	"internal/inspector":     {"internal/profile"},
	"internal/profile":       {},
	"internal/node":          {"internal/inspector", "internal/profile"},
	"internal/load":          {},
	"internal/trend":         {},
	"internal/hunt":          {"heap", "internal/node", "internal/profile", "internal/load", "internal/leak", "internal/report", "internal/trend"},
	"internal/diagnosis":     {"internal/node", "internal/trend", "internal/leak", "internal/report"},
	"internal/supervise":     {"internal/node", "internal/profile", "internal/trend"},
	"internal/metrics":       {"internal/node"},
	"internal/lab":           {"heap", "internal/inspector", "internal/node"},
	"internal/lint":          {"internal/report/sarif"},
	"internal/report/sarif":  {},
	"internal/lint/evidence": {"heap", "internal/lint", "internal/leak"},
	"deploy":                 {},
	"internal/monitor":       {"deploy", "internal/diagnosis", "internal/leak", "internal/metrics", "internal/supervise", "internal/web/guard", "internal/web/problem"},
	"internal/fleet":         {"heap", "internal/leak", "internal/report"},
	"internal/fleet/hub":     {"internal/fleet", "internal/supervise"},
	"internal/web":           {anyRoom},
	"internal/web/guard":     {"internal/web/problem"},
	"internal/web/problem":   {},
	"internal/cli":           {anyRoom},

	"internal/cli/root":     {"internal/cli/terminal"},
	"internal/cli/terminal": {"heap", "internal/node", "internal/supervise", "internal/report"},
	"internal/cli/program":  {"internal/cli/terminal", "internal/node"},
	"internal/cli/heapcmd":  {"internal/cli/terminal", "heap", "internal/devtools", "internal/export", "internal/leak", "internal/lint/evidence", "internal/report"},
	"internal/cli/nodecmd":  {"internal/cli/terminal", "internal/cli/program", "heap", "internal/node", "internal/profile", "internal/supervise"},
	"internal/cli/watchcmd": {
		"internal/cli/terminal", "internal/cli/program", "internal/cli/hub",
		"internal/diagnosis", "internal/fleet", "internal/leak", "internal/metrics", "internal/node", "internal/report", "internal/supervise", "internal/web", "internal/web/guard",
	},
	"internal/cli/runcmd": {
		"internal/cli/terminal", "internal/cli/watchcmd",
		"internal/diagnosis", "internal/fleet", "internal/leak", "internal/metrics", "internal/node", "internal/supervise", "internal/web",
	},
	"internal/cli/huntcmd":    {"internal/cli/terminal", "internal/cli/page", "internal/web", "heap", "internal/hunt", "internal/leak", "internal/lint/evidence", "internal/node", "internal/report"},
	"internal/cli/lintcmd":    {"internal/cli/terminal", "internal/cli/heapcmd", "heap", "internal/leak", "internal/lint", "internal/lint/evidence"},
	"internal/cli/labcmd":     {"internal/cli/terminal", "internal/cli/page", "heap", "internal/lab", "internal/web"},
	"internal/cli/opencmd":    {"internal/cli/terminal", "internal/cli/page", "internal/diagnosis", "internal/web"},
	"internal/cli/page":       {"internal/cli/terminal", "internal/web", "internal/web/guard"},
	"internal/cli/mcpcmd":     {"internal/cli/terminal", "internal/cli/root"},
	"internal/cli/democmd":    {"internal/cli/terminal", "internal/cli/sibling"},
	"internal/cli/monitorcmd": {"internal/cli/terminal", "internal/cli/sibling"},
	"internal/cli/sibling":    {"internal/cli/terminal"},
	"internal/cli/hub":        {"internal/cli/terminal", "internal/fleet", "internal/supervise"},
	"internal/cli/hubcmd":     {"internal/cli/terminal", "internal/cli/hub", "internal/cli/sibling", "internal/fleet", "internal/node", "internal/supervise"},
	"internal/cli/fleetcmd":   {"internal/cli/terminal", "internal/cli/hub", "internal/cli/page", "internal/fleet", "internal/report", "internal/web"},
	"internal/cli/loadcmd":    {"internal/cli/terminal", "heap", "internal/load"},

	"cmd/plumb":        {"internal/cli"},
	"cmd/plumb-server": {"internal/cli/root", "internal/cli/monitorcmd", "internal/cli/terminal", "internal/diagnosis", "internal/monitor", "internal/web"},
	"cmd/plumb-hub":    {"internal/cli/root", "internal/cli/hubcmd", "internal/cli/terminal", "internal/fleet", "internal/fleet/hub"},
	"examples":         {anyRoom},
	"test":             {anyRoom},
}

// anyRoom stands for all rooms but those on top.
const anyRoom = "*"

// onTop are the rooms that only these may import, and the rooms inside them.
var onTop = map[string][]string{
	"internal/cli":       {"cmd/plumb", "cmd/plumb-server", "cmd/plumb-hub", "test"},
	"internal/web":       {"internal/cli", "internal/monitor", "cmd/plumb-server"},
	"internal/monitor":   {"cmd/plumb-server"},
	"internal/fleet/hub": {"cmd/plumb-hub"},
}

// notLinked are modules that cmd/plumb must not contain, however indirectly:
// they would make the small program large.
var notLinked = []string{
	"github.com/prometheus/prometheus",
	"github.com/prometheus/alertmanager",
	"github.com/nats-io/nats-server",
	"gocloud.dev",
	"cloud.google.com/go",
	"github.com/aws",
	"github.com/Azure",
}

// notInHeap are packages that the public library keeps away from: it does not
// log, does not reach the network and starts nothing.
var notInHeap = []string{"log", "log/slog", "net", "net/http", "os/exec"}

type goPackage struct {
	ImportPath   string
	Dir          string
	Imports      []string
	TestImports  []string
	XTestImports []string
	Deps         []string
	GoFiles      []string
	TestGoFiles  []string
	XTestGoFiles []string
}

// list runs go list and reads what it says about the packages.
func list(t *testing.T, args ...string) []goPackage {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json"}, args...)...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	var packages []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// room finds the room of a package of this module: the longest name that the
// path begins with.
func room(path string) (name string, ours bool) {
	path, ours = strings.CutPrefix(path, module+"/")
	for candidate := range rooms {
		if inside(path, candidate) && len(candidate) > len(name) {
			name = candidate
		}
	}
	return name, ours
}

func inside(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

func mayImport(from, to string) bool {
	if from == to || slices.Contains(rooms[from], to) {
		return true
	}
	return slices.Contains(rooms[from], anyRoom) && (onTop[to] == nil || slices.Contains(onTop[to], from))
}

func TestImportDirections(t *testing.T) {
	for _, p := range list(t, module+"/...") {
		from, _ := room(p.ImportPath)
		if from == "" {
			t.Errorf("%s is in no room: add it to the table, with what it may import", p.ImportPath)
			continue
		}
		short := strings.TrimPrefix(p.ImportPath, module+"/")
		for _, path := range p.Imports {
			to, ours := room(path)
			if ours && !mayImport(from, to) {
				t.Errorf("%s imports %s, but %s may import only %v", short, to, from, rooms[from])
			}
			target := strings.TrimPrefix(path, module+"/")
			for top, users := range onTop {
				among := slices.ContainsFunc(users, func(user string) bool { return inside(from, user) })
				if ours && inside(target, top) && !inside(from, top) && !among {
					t.Errorf("%s imports %s, which only %v may", short, target, users)
				}
			}
		}
		// Tests may build snapshots in code, and reach no higher than that.
		for _, path := range slices.Concat(p.TestImports, p.XTestImports) {
			to, ours := room(path)
			if ours && to != "internal/testheap" && !mayImport(from, to) {
				t.Errorf("a test of %s imports %s, but %s may import only %v", short, to, from, rooms[from])
			}
		}
	}
}

func TestHeapIsALibrary(t *testing.T) {
	for _, p := range list(t, module+"/heap/...") {
		for _, path := range p.Imports {
			if slices.Contains(notInHeap, path) {
				t.Errorf("%s imports %s: heap does not log, reach the network or start programs", p.ImportPath, path)
			}
		}
	}
}

func TestPlumbIsLight(t *testing.T) {
	for _, p := range list(t, module+"/cmd/plumb") {
		for _, dep := range p.Deps {
			for _, heavy := range notLinked {
				if inside(dep, heavy) {
					t.Errorf("cmd/plumb links %s: it belongs to cmd/plumb-server or cmd/plumb-hub", dep)
				}
			}
		}
	}
}
