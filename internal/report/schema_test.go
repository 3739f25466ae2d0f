package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/report/sarif"
)

// odd are reports that a program can make happen: its names and paths are any
// text at all.
func odd() map[string]*Report {
	strange := leaking()
	f := &strange.Result.Findings[0]
	f.Container.Name = "a\x00b\x1b[31m\n<&\"'>]]>\xed\xa0\x80\ufffe\U0001F4A7[x](http://evil)"
	f.Member.Class = "{0}\u2028]]>"
	f.Variable, f.Made.Function = "\xff", "\x01"
	f.Declared.File = "/srv/app/a b/ü%41#?\n[1]:x\xff.js"
	f.Declared.Column = -1

	nameless := leaking()
	f = &nameless.Result.Findings[0]
	f.Declared, f.Made, f.Variable = leak.Place{}, leak.Place{}, ""
	f.Container = leak.Container{Kind: "container"}
	f.Path = nil

	nothing := leaking()
	nothing.Files, nothing.Root, nothing.Version = nil, "", ""
	f = &nothing.Result.Findings[0]
	f.Declared, f.Made = leak.Place{}, leak.Place{}

	many := leaking()
	for i := range 500 {
		f := many.Result.Findings[0]
		f.Fingerprint = fmt.Sprintf("%08x", i/2)
		f.Cause = []leak.Cause{leak.Timer, leak.Cache, leak.UnknownCause}[i%3]
		if i%5 == 0 {
			f.Verdict = leak.Undecided
		}
		many.Result.Findings = append(many.Result.Findings, f)
	}
	checked := leaking()
	checked.Suite = "plumb hunt"
	checked.Checks = []Check{{Name: "budget", Failure: "40 B a request, 10 B allowed"}, {Name: "fixed", Skipped: "not asked"}, {Name: "baseline"}}
	checked.Result.Findings[0].Known = true

	suspected := leaking()
	for i, verdict := range []leak.Evidence{leak.Confirmed, leak.Cleared, leak.NotSeen, leak.Confirmed} {
		suspected.Result.Suspicions = append(suspected.Result.Suspicions, leak.Suspicion{
			Rule: []string{"unbounded-cache", "listener-in-handler"}[i%2], Name: "a<\x00\u202e|", Message: "a grows", Verdict: verdict,
			At: leak.Place{File: "/srv/app/a b.js", Line: i + 1, Column: 3, Exact: true}, Counts: []int{1, 2}, Fingerprint: "aa",
		})
	}

	return map[string]*Report{
		"checked": checked, "suspected": suspected,
		"leaking": leaking(), "undecided": undecided(), "healthy": healthy(),
		"strange": strange, "nameless": nameless, "nothing known": nothing, "many": many,
	}
}

// TestSARIFSchema holds SARIF to the schema of the standard and to what GitHub
// refuses beyond it.
func TestSARIFSchema(t *testing.T) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile(filepath.Join("testdata", "schema", "sarif-2.1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range odd() {
		var out bytes.Buffer
		if err := r.Write(&out, SARIF); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		text := out.Bytes()
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var log struct{ Runs []sarif.Run }
		if err := json.Unmarshal(text, &log); err != nil {
			t.Fatal(err)
		}
		checkForGitHub(t, name, r, log.Runs[0])
	}
}

func checkForGitHub(t *testing.T, name string, r *Report, run sarif.Run) {
	if want := len(r.Result.Findings) + len(r.Result.Suspicions); len(run.Results) != want {
		t.Errorf("%s: %d results of %d findings and suspicions", name, len(run.Results), want)
	}
	seen := map[string]bool{}
	for _, result := range run.Results {
		if len(result.Locations) == 0 && len(r.Files) > 0 {
			t.Errorf("%s: a result without a location", name)
		}
		for _, l := range slices.Concat(result.Locations, result.Related) {
			if u, err := url.Parse(l.Physical.Artifact.URI); err != nil {
				t.Errorf("%s: %v", name, err)
			} else if strings.HasPrefix(u.Path, r.Root) && r.Root != "" {
				t.Errorf("%s: %s is below the root and not relative to it", name, u)
			}
		}
		hash := result.Fingerprints["primaryLocationLineHash"]
		if hash == "" || seen[hash] {
			t.Errorf("%s: the hash %q is no name for one result", name, hash)
		}
		seen[hash] = true
		if rule := run.Tool.Driver.Rules[result.RuleIndex]; rule.ID != result.RuleID || rule.Help.Text == "" {
			t.Errorf("%s: %s has the rule %+v", name, result.RuleID, rule)
		}
		if strings.Contains(result.Message.Text, "](") {
			t.Errorf("%s: a link came out of a snapshot: %s", name, result.Message.Text)
		}
	}
}

// TestJUnitSchema holds JUnit XML to Jenkins' schema, by xmllint of libxml2.
func TestJUnitSchema(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed (make test installs it)")
	}
	dir := t.TempDir()
	args := []string{"--noout", "--nonet", "--schema", filepath.Join("testdata", "schema", "junit-4.xsd")}
	for name, r := range odd() {
		path := filepath.Join(dir, name+".xml")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Write(f, JUnit); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	if out, err := exec.Command(xmllint, args...).CombinedOutput(); err != nil {
		t.Errorf("xmllint: %v\n%s", err, out)
	}
}

// TestCheckout holds that paths count from the top of the checkout, wherever below it
// plumb was called, and that a snapshot is where it was named.
func TestCheckout(t *testing.T) {
	top := t.TempDir()
	if err := os.MkdirAll(filepath.Join(top, ".git"), 0o700); err != nil {
		t.Fatal(err)
	}
	r := leaking()
	r.Root = filepath.Join(top, "services", "api") + string(filepath.Separator)
	f := &r.Result.Findings[0]
	for file, want := range map[string]string{
		filepath.Join(r.Root, "lib", "store.js"): "services/api/lib/store.js",
		filepath.Join(top, "shared.js"):          "shared.js",
		"":                                       "services/api/my%20snapshots/after.heapsnapshot",
	} {
		f.Declared.File, f.Made.File = file, ""
		var out bytes.Buffer
		if err := r.sarif(&out); err != nil {
			t.Fatal(err)
		}
		var log struct {
			Runs []sarif.Run
		}
		if err := json.Unmarshal(out.Bytes(), &log); err != nil {
			t.Fatal(err)
		}
		if got := log.Runs[0].Results[0].Locations[0].Physical.Artifact; got.URI != want || got.Base == "" {
			t.Errorf("%q is at %+v, want %q", file, got, want)
		}
		if base := log.Runs[0].Bases["%SRCROOT%"].URI; !strings.HasSuffix(base, filepath.ToSlash(top)+"/") {
			t.Errorf("paths count from %s", base)
		}
	}
}
