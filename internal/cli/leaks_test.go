package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/internal/testheap"
)

func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Main(t.Context(), append(args, "--no-index"), Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
	return code, out.String(), errs.String()
}

// TestLeaksProgress: both openings and the search say what they are at.
func TestLeaksProgress(t *testing.T) {
	one, two := testheap.Queue(0, 0).File(t, "1.heapsnapshot"), testheap.Queue(100, 1).File(t, "2.heapsnapshot")
	_, _, errs := run(t, "leaks", one, two)
	for _, want := range []string{one + ": read snapshot", two + ": dominators", "leaks: find paths", "leaks: weigh findings"} {
		if !strings.Contains(errs, want+"\n") {
			t.Errorf("the standard error has no line %q:\n%s", want, errs)
		}
	}
	if _, _, errs := run(t, "leaks", one, two, "--quiet"); errs != "" {
		t.Errorf("with --quiet: %s", errs)
	}
}

func TestLeaksExitCodes(t *testing.T) {
	empty := testheap.Queue(0, 0).File(t, "0.heapsnapshot")
	more := testheap.Queue(100, 1).File(t, "1.heapsnapshot")
	most := testheap.Queue(200, 2).File(t, "2.heapsnapshot")
	same := testheap.Queue(200, 3).File(t, "3.heapsnapshot")
	page := filepath.Join(t.TempDir(), "page.heapsnapshot")
	if err := os.WriteFile(page, []byte("<!doctype html><title>502</title>"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		args []string
		code int
		out  string // part of the standard output
		err  string // part of the standard error
	}{
		{"counted", []string{empty, more, "--requests", "100"}, 1, "LEAK: queue keeps 1.00 Job object per request", ""},
		{"three", []string{empty, more, most}, 1, "LEAK: queue keeps 200 more Job objects", ""},
		{"two and few", []string{empty, more}, 3, "UNDECIDED: queue keeps 100 more", ""},
		{"none", []string{most, same}, 0, "NO LEAK: nothing of the program's own grew", ""},
		{"swapped", []string{more, empty}, 2, "", "hint: give the snapshots in the order"},
		{"twice", []string{more, more}, 2, "", "hint: take the second one after some work"},
		{"one", []string{more}, 2, "", "plumb leaks needs B"},
		{"missing", []string{more, "nothing.heapsnapshot"}, 2, "", "hint:"},
		{"folder", []string{more, t.TempDir()}, 2, "", "is a directory"},
		{"not a snapshot", []string{more, page}, 2, "", "not a heap snapshot"},
		{"two forms", []string{more, most, "--html", "--sarif"}, 2, "", "--html and --sarif exclude each other"},
		{"two forms, JSON", []string{more, most, "--json", "--junit"}, 2, "", "--json and --junit exclude each other"},
		{"less than none", []string{more, most, "--requests", "-1"}, 2, "", "is less than 0"},
		{"no rows", []string{more, most, "--csv"}, 2, "", "use --json"},
	}
	for _, tt := range tests {
		code, out, errs := run(t, append([]string{"leaks"}, tt.args...)...)
		if code != tt.code || !strings.Contains(out, tt.out) || !strings.Contains(errs, tt.err) {
			t.Errorf("%s: exit code %d, want %d\nout: %s\nerr: %s", tt.name, code, tt.code, out, errs)
		}
		if code == 2 && out != "" {
			t.Errorf("%s: an error with output: %s", tt.name, out)
		}
	}
}

func TestLeaksForms(t *testing.T) {
	a, b := testheap.Queue(0, 0).File(t, "0.heapsnapshot"), testheap.Queue(900, 1).File(t, "1.heapsnapshot")
	code, out, _ := run(t, "leaks", a, b, "--json")
	var got struct {
		Verdict  string
		Findings []struct {
			Variable string
			Declared struct {
				File string
				Line int
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != 1 {
		t.Fatalf("--json: exit code %d, %v", code, err)
	}
	if len(got.Findings) != 1 || got.Findings[0].Variable != "queue" || got.Findings[0].Declared.File != "/srv/app.js" || got.Findings[0].Declared.Line != 10 {
		t.Errorf("--json: %+v", got)
	}
	for flag, want := range map[string]string{"--markdown": "# LEAK: queue", "--html": "<!doctype html>", "--sarif": `"2.1.0"`, "--junit": "<testsuites>"} {
		path := filepath.Join(t.TempDir(), "report")
		code, out, _ := run(t, "leaks", a, b, flag, "-o", path)
		data, err := os.ReadFile(path)
		if code != 1 || err != nil || out != "" || !strings.Contains(string(data), want) {
			t.Errorf("%s: exit code %d, %v, output %q, file %q", flag, code, err, out, data)
		}
	}
}

// TestLeaksWritesNothingOnError holds that a failed run leaves no file.
func TestLeaksWritesNothingOnError(t *testing.T) {
	a := testheap.Queue(0, 0).File(t, "0.heapsnapshot")
	dir := t.TempDir()
	if code, _, _ := run(t, "leaks", a, a, "--html", "-o", filepath.Join(dir, "report.html")); code != 2 {
		t.Errorf("exit code %d, want 2", code)
	}
	if code, _, errs := run(t, "leaks", a, testheap.Queue(900, 1).File(t, "1.heapsnapshot"), "-o", filepath.Join(dir, "no", "report")); code != 2 || !strings.Contains(errs, "hint:") {
		t.Errorf("exit code %d, want 2: %s", code, errs)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
