//go:build unix

package node

import (
	"bufio"
	"context"
	"io"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// startChromium starts a browser with one page and returns the address of its
// inspector.
func startChromium(t *testing.T) string {
	t.Helper()
	bin, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("Chromium is not on the PATH")
	}
	cmd := exec.Command(bin, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--remote-debugging-port=0", "--user-data-dir="+t.TempDir(), "about:blank")
	ownGroup(cmd)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = signalGroup(cmd.Process, syscall.SIGKILL)
		_, _ = io.Copy(io.Discard, stderr) // until the last of its processes is gone
		_ = cmd.Wait()
	})
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		if address, ok := strings.CutPrefix(lines.Text(), "DevTools listening on "); ok {
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			return "http://" + u.Host
		}
	}
	t.Fatal("Chromium ended")
	return ""
}

// TestChrome goes once through what is done with a page. The browser has other
// targets beside it.
func TestChrome(t *testing.T) {
	address := startChromium(t)
	var p *Process
	for { // the page comes a little after the address
		var err error
		if p, err = Attach(t.Context(), address, AttachOptions{}); err == nil {
			break
		}
		if !strings.Contains(err.Error(), "nothing to attach to") || !pause(t.Context()) {
			t.Fatal(err)
		}
	}
	defer func() {
		if err := p.Release(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	if info := p.Info(); info.Runtime != "chrome" {
		t.Errorf("info %+v", info)
	}
	m, err := p.Memory(t.Context())
	if err != nil || m.RSS != 0 || m.HeapUsed == 0 || m.HeapTotal < m.HeapUsed {
		t.Errorf("memory %+v, %v", m, err)
	}
	if err := p.StartSampling(t.Context(), SamplingOptions{Interval: 1024, Live: true}); err != nil {
		t.Fatal(err)
	}
	if err := p.Evaluate(t.Context(), "void (globalThis.kept = Array.from({ length: 1e5 }, (_, i) => ({ i })))", nil); err != nil {
		t.Fatal(err)
	}
	if c, err := p.Collect(t.Context()); err != nil || !c.Settled || c.After.HeapUsed < 1e6 {
		t.Errorf("collected %+v, %v", c, err)
	}
	if profile, err := p.StopSampling(t.Context()); err != nil || len(profile.Samples) == 0 {
		t.Errorf("profile %+v, %v", profile, err)
	}
	record, err := p.Capture(t.Context(), filepath.Join(t.TempDir(), "page.heapsnapshot"), CaptureOptions{})
	if err != nil || record.Bytes < 1e6 {
		t.Errorf("record %+v, %v", record, err)
	}
}
