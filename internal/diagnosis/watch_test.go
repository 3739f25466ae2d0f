package diagnosis

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/node"
)

// compared is a Comparer that looks at the files only.
func compared(t *testing.T, err error) Comparer {
	return func(_ context.Context, _ *Finding, baseline, last string, requests int) (*leak.Result, error) {
		for _, path := range []string{baseline, last, baseline + ".json", last + ".json"} {
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v, %v", path, info, err)
			}
		}
		if err != nil {
			return nil, err
		}
		return &leak.Result{Verdict: leak.Leaking, Requests: requests}, nil
	}
}

// rising is a level that rises by itself.
func rising(step uint64) func(context.Context) (Level, error) {
	var used atomic.Uint64
	return func(context.Context) (Level, error) {
		return Level{Of: levelOfRSS, Used: used.Add(step), Limit: 1 << 30}, nil
	}
}

const tick = 20 * time.Millisecond

func TestWatchFindsOut(t *testing.T) {
	p := start(t, grows)
	store := newStore(t, Budget{})
	m, err := p.Memory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	paused, resumed := 0, 0
	f, err := Watch(t.Context(), p, store, Options{
		App: "shop api", Instance: 3, Share: 1.5 * float64(m.HeapUsed) / float64(m.HeapLimit), Every: tick, Compare: compared(t, nil),
		Pause: func() func() { paused++; return func() { resumed++ } },
	})
	if err != nil || f == nil {
		t.Fatal(f, err)
	}
	if f.Alarm.Cause != MarkPassed || f.Result == nil || f.Result.Verdict != leak.Leaking || f.Problem != "" || f.Program.PID != p.Info().PID {
		t.Errorf("finding %+v", f)
	}
	if f.Last.Memory.HeapUsed <= f.Baseline.Memory.HeapUsed {
		t.Errorf("heap %d at the baseline, %d at the alarm", f.Baseline.Memory.HeapUsed, f.Last.Memory.HeapUsed)
	}
	if paused != 2 || resumed != 2 {
		t.Errorf("limit paused %d times and resumed %d times, want 2", paused, resumed)
	}
	if !strings.HasPrefix(f.ID, "shop-api-3-") {
		t.Errorf("id %s", f.ID)
	}
	kept, err := store.Find(f.ID)
	if err != nil || len(kept.Files()) != 2 || kept.Result.Verdict != leak.Leaking {
		t.Errorf("kept %+v, %v", kept, err)
	}
	entries, _ := os.ReadDir(filepath.Dir(kept.Files()[0]))
	if len(entries) != 5 { // two snapshots, their records, the finding
		t.Errorf("%d files in the folder", len(entries))
	}
}

func TestWatchKeepsWhatCannotBeCompared(t *testing.T) {
	p := start(t, grows)
	m, err := p.Memory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f, err := Watch(t.Context(), p, newStore(t, Budget{}), Options{
		Share: 1.5 * float64(m.HeapUsed) / float64(m.HeapLimit), Every: tick, Compare: compared(t, errors.New("no memory left")),
	})
	if err != nil || f == nil {
		t.Fatal(f, err)
	}
	if f.Problem != "no memory left" || len(f.Files()) != 2 || f.App != "app.js" {
		t.Errorf("finding %+v", f)
	}
}

// TestWatchTellsOtherMemory has a level rise that the heap has no part in.
func TestWatchTellsOtherMemory(t *testing.T) {
	p := start(t, idle)
	for name, opts := range map[string]Options{
		"mark":  {Bytes: 100 << 20},
		"trend": {Ahead: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			opts.Every, opts.Level = time.Millisecond, rising(10<<20)
			f, err := Watch(t.Context(), p, newStore(t, Budget{}), opts)
			if err != nil || f == nil {
				t.Fatal(f, err)
			}
			if string(f.Alarm.Cause) != name || f.Last != nil || len(f.Files()) != 0 || !strings.HasPrefix(f.Problem, ErrNotGrown.Error()) {
				t.Errorf("finding %+v", f)
			}
			if name == "trend" && f.Alarm.SecondsToLimit <= 0 {
				t.Errorf("alarm %+v", f.Alarm)
			}
		})
	}
}

// TestWatchWaits holds that a heap that is full of garbage is no alarm, and that
// the end of the program is no error.
func TestWatchWaits(t *testing.T) {
	p := start(t, `let garbage; setInterval(() => { garbage = new Array(1e6).fill(1); }, 5);`) // 8 MB each
	store := newStore(t, Budget{})
	const mark = 64e6
	var looks, high int
	killed := false
	f, err := Watch(t.Context(), p, store, Options{
		Share: mark / 1e9, Every: time.Millisecond, Compare: compared(t, nil),
		Level: func(ctx context.Context) (Level, error) {
			m, err := p.Memory(ctx)
			looks++
			if m.HeapUsed > mark {
				high++
			}
			if high > 3 && looks > 3*patience && !killed {
				killed = true
				if program, err := os.FindProcess(p.Info().PID); err != nil {
					t.Error(err)
				} else if err := program.Kill(); err != nil {
					t.Error(err)
				}
			}
			return Level{Of: levelOfHeap, Used: m.HeapUsed, Limit: 1e9}, err
		},
	})
	if f != nil || err != nil {
		t.Errorf("finding %+v, %v", f, err)
	}
	left, err := os.ReadDir(store.dir)
	if len(left) > 0 || err != nil {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestWatchIsLeft(t *testing.T) {
	p := start(t, idle)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	f, err := Watch(ctx, p, newStore(t, Budget{}), Options{Share: 0.9, Every: tick, Say: func(string) { cancel() }})
	if f != nil || err != nil {
		t.Errorf("finding %+v, %v", f, err)
	}
}

// TestWatchBeginsAnew has another debugger leave the program between the baseline
// and the alarm.
func TestWatchBeginsAnew(t *testing.T) {
	if testing.Short() {
		t.Skip("three snapshots take minutes under the race detector on a busy machine")
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	script := filepath.Join(t.TempDir(), "app.js")
	if err := os.WriteFile(script, []byte(grows), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "--inspect=127.0.0.1:0", script)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	var address string
	for lines := bufio.NewScanner(stderr); address == "" && lines.Scan(); {
		_, address, _ = strings.Cut(lines.Text(), "listening on ")
	}
	p, err := node.Attach(t.Context(), address, node.AttachOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Release(context.Background()) }()
	var said []string
	f, err := Watch(t.Context(), p, newStore(t, Budget{}), Options{
		Share: 0.0001, Every: tick, Compare: compared(t, nil),
		Say: func(m string) {
			if said = append(said, m); len(said) > 1 {
				return
			}
			other, err := node.Attach(t.Context(), address, node.AttachOptions{})
			if err != nil {
				t.Error(err)
				return
			}
			if err := other.Release(t.Context()); err != nil {
				t.Error(err)
			}
		},
	})
	if err != nil || f == nil {
		t.Fatal(f, err)
	}
	all := strings.Join(said, "\n")
	if !strings.Contains(all, "another debugger has left the program") || strings.Count(all, "baseline taken") != 2 {
		t.Errorf("said %q", said)
	}
	if f.Result == nil || len(f.Files()) != 2 {
		t.Errorf("finding %+v", f)
	}
}
