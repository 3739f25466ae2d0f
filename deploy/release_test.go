package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// release is the part of .goreleaser.yaml that names what is in the repository.
type release struct {
	Builds []struct{ ID, Main, Binary string }
	NFPMs  []struct {
		Contents []struct{ Src, Dst string }
	} `yaml:"nfpms"`
	Docker []struct{ Dockerfile string } `yaml:"dockers_v2"`
}

// TestRelease holds that a release has every program, and that the files that its
// definition names are there. make release-check builds it.
func TestRelease(t *testing.T) {
	text, err := os.ReadFile("../.goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var r release
	if err := yaml.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	var programs, built []string
	dirs, err := filepath.Glob("../cmd/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		programs = append(programs, filepath.Base(dir))
	}
	for _, b := range r.Builds {
		if b.ID != b.Binary || b.Main != "./cmd/"+b.ID {
			t.Errorf("%+v", b)
		}
		built = append(built, b.Binary)
	}
	slices.Sort(built)
	if !slices.Equal(programs, built) {
		t.Errorf("the programs are %v, a release has %v", programs, built)
	}
	for _, n := range r.NFPMs {
		for _, c := range n.Contents {
			if strings.HasPrefix(c.Src, "release/") {
				continue // scripts/release-files makes it
			}
			if _, err := os.Stat(filepath.Join("..", c.Src)); err != nil {
				t.Error(err)
			}
		}
	}
	for _, d := range r.Docker {
		image, err := os.ReadFile(filepath.Join("..", d.Dockerfile))
		if err != nil {
			t.Fatal(err)
		}
		for _, program := range programs {
			if !strings.Contains(string(image), "$TARGETPLATFORM/"+program+" ") {
				t.Errorf("%s does not copy %s", d.Dockerfile, program)
			}
		}
	}
}

// TestUnits has plumb read the command line of each unit, and systemd the units, where it
// is there.
func TestUnits(t *testing.T) {
	units, err := filepath.Glob("systemd/*.service")
	if err != nil || len(units) < 2 {
		t.Fatalf("%v, %v", units, err)
	}
	plumb := build(t)
	for _, unit := range units {
		text, err := os.ReadFile(unit)
		if err != nil {
			t.Fatal(err)
		}
		start := regexp.MustCompile(`(?m)^ExecStart=/usr/bin/plumb (.*)$`).FindSubmatch(text)
		if start == nil {
			t.Errorf("%s does not start plumb", unit)
			continue
		}
		words := strings.Fields(string(start[1]))
		if out, err := exec.Command(plumb, append(words, "--help")...).CombinedOutput(); err != nil || !strings.Contains(string(out), "plumb "+words[0]) {
			t.Errorf("%s: %v: %s", unit, err, out)
		}
		if _, err := exec.LookPath("systemd-analyze"); err != nil {
			continue
		}
		here := filepath.Join(t.TempDir(), filepath.Base(unit))
		if err := os.WriteFile(here, []byte(strings.ReplaceAll(string(text), "/usr/bin/plumb", plumb)), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("systemd-analyze", "verify", "--man=no", here).CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v: %s", unit, err, out)
		}
	}
}
