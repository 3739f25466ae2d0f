package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// TestDemo runs plumb demo from end to end: what it tells is true, since each command
// in it must end as it is told to, and nothing of it is left.
func TestDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes most of a minute")
	}
	dir := t.TempDir()
	cmd := exec.Command(buildPlumb(t), "demo")
	cmd.Env = append(os.Environ(), "TMPDIR="+dir) // plumb-server is on the PATH
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
	for _, want := range []string{
		`memoryleak_demo  UP `, `prometheus       UP `,
		`\{userAgentUse.* 7,00\d +0 +\+7,00\d `,
		`userAgentUsed in \{userAgentUsed, raw\}`, `headersArray in system / Context`,
		`LEAK: headersArray keeps 1\.00 `, `grows at +server\.js:7`,
		`pending +High memory Usage`, `firing +High memory Usage`, `mail +\[FIRING:1\] High memory Usage`,
		`plumb_finding = headersArray \(server\.js:4\) keeps [\d.]+ kB of each request`,
		`nodejs_external_memory_bytes\n.*█`,
		`above its memory limit and is ended`, `shop +0 +running +\d+ +\S+ +1 `, `\[RESOLVED\] High memory Usage`,
		`FIXED: \d+ B per request before`,
		`Nothing: 5 programs ended, no port is open, the folder is gone\.`,
	} {
		if !regexp.MustCompile(want).Match(out) {
			t.Errorf("it does not tell %q", want)
		}
	}
	if t.Failed() {
		t.Logf("%s", out)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) > 0 {
		t.Errorf("left in the folder for temporary files: %q, %v", left, err)
	}
}
