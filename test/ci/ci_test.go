//go:build unix

// Package ci holds that the CI recipe in examples/ci works: its steps are run
// as they stand, on a server that leaks and on its fixed twin.
package ci

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/plumb-dev/plumb/internal/cli"
)

// TestMain lets the test binary be plumb.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "plumb" {
		os.Exit(cli.Main(context.Background(), os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
	}
	os.Exit(m.Run())
}

const recipe = "../../examples/ci/github-actions.yml"

// workflow is the part of a workflow of GitHub Actions that the test follows.
type workflow struct {
	Jobs map[string]struct {
		Steps []struct {
			Run  string            `yaml:"run"`
			Uses string            `yaml:"uses"`
			If   string            `yaml:"if"`
			With map[string]string `yaml:"with"`
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

func TestRecipe(t *testing.T) {
	if testing.Short() {
		t.Skip("hunts twice")
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	text, err := os.ReadFile(recipe)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("../../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(doc, text) {
		t.Errorf("docs/ci.md does not show %s as it is", recipe)
	}
	var w workflow
	if err := yaml.Unmarshal(text, &w); err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(bin, "plumb")); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		server string
		fails  bool
	}{{"leaky.js", true}, {"fixed.js", false}} {
		t.Run(tt.server, func(t *testing.T) {
			c := newCheckout(t, bin, tt.server)
			failed := false
			for _, step := range w.Jobs["leaks"].Steps {
				switch {
				case step.Run == "" || strings.HasPrefix(step.Run, "go install") || step.Run == "npm ci":
					// What a runner brings and what this machine has.
				case failed && !strings.Contains(step.If, "always()"):
				case c.run(t, step.Run) != nil:
					failed = true
				}
				if file := step.With["sarif_file"]; file != "" {
					c.checkSARIF(t, file, tt.fails)
				}
			}
			if failed != tt.fails {
				t.Errorf("the job fails: %v, want %v\n%s", failed, tt.fails, c.output.String())
			}
			if summary, err := os.ReadFile(filepath.Join(c.dir, "summary.md")); err != nil || !bytes.HasPrefix(summary, []byte("# ")) {
				t.Errorf("the summary is %q, %v", summary, err)
			}
			c.checkJUnit(t, "hunt/junit.xml", tt.fails)
		})
	}
}

// checkout is the folder of a repository on a runner.
type checkout struct {
	dir    string
	env    []string
	output bytes.Buffer
}

func newCheckout(t *testing.T, bin, server string) *checkout {
	t.Helper()
	c := &checkout{dir: t.TempDir()}
	text, err := os.ReadFile(filepath.Join("../../examples/leaks/user-agents", server))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.dir, "server.js"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	c.env = slices.Concat(os.Environ(), []string{
		"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"),
		"GITHUB_STEP_SUMMARY=" + filepath.Join(c.dir, "summary.md"),
	})
	return c
}

// run runs a step as GitHub does.
func (c *checkout) run(t *testing.T, script string) error {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = c.dir, c.env, &c.output, &c.output
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) {
		t.Errorf("%s: %v\n%s", script, err, c.output.String())
	}
	return err
}

// checkSARIF holds that the leak is an alert where its variable is declared, and the
// linter's, which the hunt has confirmed, where it grows.
func (c *checkout) checkSARIF(t *testing.T, file string, leaks bool) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, file))
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Runs []struct {
			Results []struct {
				Level     string
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(text, &log); err != nil {
		t.Fatal(err)
	}
	var alerts []string
	for _, r := range log.Runs[0].Results {
		if r.Level == "error" {
			at := r.Locations[0].PhysicalLocation
			alerts = append(alerts, fmt.Sprintf("%s:%d", at.ArtifactLocation.URI, at.Region.StartLine))
		}
	}
	var want []string
	if leaks {
		want = []string{"server.js:4", "server.js:7"}
	}
	if slices.Sort(alerts); !slices.Equal(alerts, want) {
		t.Errorf("alerts at %v, want %v", alerts, want)
	}
}

// checkJUnit holds that the leak is a failed case.
func (c *checkout) checkJUnit(t *testing.T, file string, leaks bool) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, file))
	if err != nil {
		t.Fatal(err)
	}
	var suites struct {
		Suites []struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(text, &suites); err != nil {
		t.Fatal(err)
	}
	if s := suites.Suites[0]; s.Tests == 0 || s.Failures > 0 != leaks {
		t.Errorf("%d cases of which %d failed, want failures: %v", s.Tests, s.Failures, leaks)
	}
}
