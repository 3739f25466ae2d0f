package metrics

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

var deploy = filepath.Join("..", "..", "deploy")

// ownNames are the metrics of this package, by its source.
func ownNames(t *testing.T) []string {
	t.Helper()
	made := regexp.MustCompile(`= (gauge|counter|histogram)\("(\w+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range made.FindAllStringSubmatch(string(text), -1) {
			names = append(names, m[2])
			if m[1] == "histogram" {
				names = append(names, m[2]+"_bucket", m[2]+"_sum", m[2]+"_count")
			}
		}
	}
	if len(names) < 40 {
		t.Fatalf("only %d metrics: %v", len(names), names)
	}
	return append(names, "up")
}

// rule is one of a rules file.
type rule struct {
	Record      string            `yaml:"record"`
	Alert       string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

func rules(t *testing.T, name string) []rule {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(deploy, "prometheus", name))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Name  string `yaml:"name"`
			Rules []rule `yaml:"rules"`
		} `yaml:"groups"`
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var all []rule
	for _, g := range file.Groups {
		all = append(all, g.Rules...)
	}
	if len(all) == 0 {
		t.Fatalf("%s has no rules", name)
	}
	return all
}

// metricName finds the names of metrics in an expression: those that look like
// ours. The rest of the language is promtool's to check.
var metricName = regexp.MustCompile(`\b(plumb:|plumb_|nodejs_|process_|http_|up\b)[\w:]*`)

func unknownIn(expr string, known []string) []string {
	var unknown []string
	for _, name := range metricName.FindAllString(expr, -1) {
		if !slices.Contains(known, name) {
			unknown = append(unknown, name)
		}
	}
	return unknown
}

// TestDeployNames checks that rules and dashboard speak of metrics that exist.
func TestDeployNames(t *testing.T) {
	known := ownNames(t)
	for _, r := range rules(t, "recording.rules.yml") {
		if unknown := unknownIn(r.Expr, known); len(unknown) > 0 || r.Record == "" {
			t.Errorf("%s speaks of %v", r.Record, unknown)
		}
		known = append(known, r.Record)
	}
	for _, r := range rules(t, "alerts.rules.yml") {
		if unknown := unknownIn(r.Expr, known); len(unknown) > 0 || r.Alert == "" {
			t.Errorf("%s speaks of %v", r.Alert, unknown)
		}
		if r.Labels["severity"] == "" || r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
			t.Errorf("%s has no severity, summary or description", r.Alert)
		}
	}
	for _, expr := range dashboard(t) {
		if unknown := unknownIn(expr, known); len(unknown) > 0 || !metricName.MatchString(expr) {
			t.Errorf("the dashboard's %s speaks of %v", expr, unknown)
		}
	}
}

// dashboard reads the queries of the Grafana dashboard.
func dashboard(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(deploy, "grafana", "plumb.json"))
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		UID, Title string
		Panels     []struct {
			ID      int
			Type    string
			Title   string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &board); err != nil {
		t.Fatal(err)
	}
	var exprs []string
	seen := map[int]bool{}
	for _, p := range board.Panels {
		if seen[p.ID] || p.GridPos.X+p.GridPos.W > 24 || p.GridPos.H == 0 {
			t.Errorf("panel %q has id and place %d, %v", p.Title, p.ID, p.GridPos)
		}
		seen[p.ID] = true
		if p.Type != "row" && len(p.Targets) == 0 {
			t.Errorf("panel %q shows nothing", p.Title)
		}
		for _, target := range p.Targets {
			exprs = append(exprs, target.Expr)
		}
	}
	if board.UID == "" || len(exprs) < 20 {
		t.Errorf("dashboard %q has %d queries", board.UID, len(exprs))
	}
	return exprs
}

// TestDeployWithPromtool runs the rules' own tests. It needs promtool.
func TestDeployWithPromtool(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("promtool is not on the PATH (on Debian: apt-get install prometheus)")
	}
	for _, args := range [][]string{
		{"check", "config", "prometheus.yml"},
		{"check", "rules", "recording.rules.yml", "alerts.rules.yml"},
		{"test", "rules", "alerts.test.yml"},
	} {
		cmd := exec.CommandContext(t.Context(), promtool, args...)
		cmd.Dir = filepath.Join(deploy, "prometheus")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("promtool %v: %v\n%s", args, err, out)
		}
	}
	file := filepath.Join(t.TempDir(), "dashboard.rules.yml")
	var text strings.Builder
	text.WriteString("groups:\n  - name: dashboard\n    rules:\n")
	for _, expr := range dashboard(t) {
		quoted, err := json.Marshal(variables.Replace(expr))
		if err != nil {
			t.Fatal(err)
		}
		text.WriteString("      - {record: 'dashboard:query', labels: {query: " + string(quoted) + "}, expr: " + string(quoted) + "}\n")
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), promtool, "check", "rules", file).CombinedOutput(); err != nil {
		t.Errorf("the dashboard's queries: %v\n%s", err, out)
	}
}

// variables are put in by Grafana.
var variables = strings.NewReplacer("$__rate_interval", "1m")

// TestMetricsWithPromtool has promtool judge what a scrape gives.
func TestMetricsWithPromtool(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("promtool is not on the PATH (on Debian: apt-get install prometheus)")
	}
	a := startApp(t)
	c := watchApp(t, a)
	get(t, a.url+"/")
	scrapeAfter(t, c, 1)
	cmd := exec.CommandContext(t.Context(), promtool, "check", "metrics")
	cmd.Stdin = strings.NewReader(textOf(t, c))
	out, err := cmd.CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if !promClientQuirk.MatchString(line) {
			t.Errorf("promtool: %s", line)
		}
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Error(err)
	}
}

// promClientQuirk is what promtool dislikes in the names of prom-client, which we
// keep.
var promClientQuirk = regexp.MustCompile(`^(nodejs_\w+_total|nodejs_active_\w+|http_request_duration_ms) `)
