package node

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestChild goes once through everything that is done with a child.
func TestChild(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		p, out := start(t, bin, app(t))
		url := out.after(t, "listening on ")
		get(t, url)

		info := p.Info()
		if info.PID != p.child.cmd.Process.Pid || info.Runtime != "node" || info.Script != app(t) || !strings.HasPrefix(info.NodeVersion, "v") {
			t.Errorf("info %+v", info)
		}
		if len(info.CommandLine) != 2 {
			t.Errorf("command line %q has what we added", info.CommandLine)
		}
		if got := p.Listening(); len(got) != 1 || "http://"+got[0] != url {
			t.Errorf("listening on %q, want %s", got, url)
		}

		m, err := p.Memory(t.Context())
		if err != nil || m.RSS < m.HeapUsed || m.HeapUsed < 1e6 || m.HeapLimit < m.HeapTotal {
			t.Errorf("memory %+v, %v", m, err)
		}
		if idle, err := p.Idle(t.Context()); err != nil || !idle {
			t.Errorf("idle %v, %v", idle, err)
		}

		if err := p.Evaluate(t.Context(), "void (globalThis.garbage = Array.from({ length: 1e5 }, (_, i) => ({ i })), garbage = null)", nil); err != nil {
			t.Fatal(err)
		}
		c, err := p.Collect(t.Context())
		if err != nil || !c.Settled || c.Before.HeapUsed-c.After.HeapUsed < 1e6 || c.Before.HeapUsed < c.After.HeapUsed {
			t.Errorf("collected %+v, %v", c, err)
		}

		if err := p.StartSampling(t.Context(), SamplingOptions{Interval: 1024}); err != nil {
			t.Fatal(err)
		}
		for range 200 {
			get(t, url)
		}
		profile, err := p.StopSampling(t.Context())
		if err != nil || len(profile.Head.Children) == 0 || len(profile.Samples) == 0 {
			t.Errorf("profile %+v, %v", profile, err)
		}

		path := filepath.Join(t.TempDir(), "a.heapsnapshot")
		record, err := p.Capture(t.Context(), path, CaptureOptions{Label: "first"})
		if err != nil {
			t.Fatal(err)
		}
		checkSnapshot(t, path, record)
		if err := p.Stop(context.Background()); err != nil {
			t.Fatal(err)
		}
		<-p.Done()
		if exit := p.Exit(); exit.Signal != "SIGTERM" {
			t.Errorf("exit %v", exit)
		}
	})
}

// checkSnapshot holds that the file is a whole snapshot of the test's app and
// that the record beside it tells the same as the one returned.
func checkSnapshot(t *testing.T, path string, record *Record) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var snapshot struct {
		Snapshot struct {
			NodeCount int `json:"node_count"`
		} `json:"snapshot"`
		Strings []string `json:"strings"`
	}
	if err := json.Unmarshal(text, &snapshot); err != nil {
		t.Fatalf("the snapshot is no JSON: %v", err)
	}
	if snapshot.Snapshot.NodeCount == 0 || int64(len(text)) != record.Bytes {
		t.Errorf("%d nodes, %d bytes, record says %d", snapshot.Snapshot.NodeCount, len(text), record.Bytes)
	}
	var beside Record
	text, err = os.ReadFile(path + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &beside); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, s := range beside.Scripts {
		found = found || strings.HasSuffix(s.URL, "app.js") && s.ID > 0
	}
	if !found || beside.PID == 0 || beside.Label != record.Label || beside.Memory.After == nil || beside.Time.IsZero() {
		t.Errorf("record %+v", beside)
	}
	for _, p := range []string{path, path + ".json"} {
		info, err := os.Stat(p)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", p, info.Mode(), err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".plumb-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestExitHint holds what is told of a program that ended too early.
func TestExitHint(t *testing.T) {
	for _, test := range []struct {
		exit Exit
		want string
	}{
		{Exit{Code: 1, Said: "Error: broken"}, "it said: Error: broken"},
		{Exit{Code: -1, Signal: "SIGSEGV", Said: "Error: broken"}, "it said: Error: broken"},
		{Exit{Code: -1, Signal: "SIGSEGV"}, "run it by itself to see why; Node.js 20 and 22 can crash when they end just as somebody connects"},
		{Exit{Code: -1, Signal: "SIGKILL"}, "run it by itself to see why"},
	} {
		if got := test.exit.hint(); got != test.want {
			t.Errorf("%+v: %q, want %q", test.exit, got, test.want)
		}
	}
}
