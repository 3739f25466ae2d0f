package node

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// TestWorker holds that a worker thread is a heap of its own.
func TestWorker(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		script, err := filepath.Abs(filepath.Join("testdata", "worker.js"))
		if err != nil {
			t.Fatal(err)
		}
		p, out := start(t, bin, script)
		out.after(t, "worker ready")
		workers, err := p.Workers(t.Context())
		if err != nil || len(workers) != 1 || workers[0].ID != "1" || !strings.HasSuffix(workers[0].URL, "worker.js") {
			t.Fatalf("workers %+v, %v", workers, err)
		}
		w := workers[0]
		var n int
		if err := w.Evaluate(t.Context(), "onlyInWorker.length", &n); err != nil || n != 1000 {
			t.Errorf("%d, %v", n, err)
		}
		m, err := w.Memory(t.Context())
		if main, errMain := p.Memory(t.Context()); err != nil || errMain != nil || m.HeapUsed == 0 || m.HeapUsed == main.HeapUsed {
			t.Errorf("memory %+v and %+v, %v, %v", m, main, err, errMain)
		}
		if c, err := w.Collect(t.Context()); err != nil || !c.Settled {
			t.Errorf("collected %+v, %v", c, err)
		}
		path := filepath.Join(t.TempDir(), "worker.heapsnapshot.zst")
		record, err := w.Capture(t.Context(), path, CaptureOptions{Zstd: true})
		if err != nil {
			t.Fatal(err)
		}
		compressed, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		dec, err := zstd.NewReader(nil)
		if err != nil {
			t.Fatal(err)
		}
		defer dec.Close()
		text, err := dec.DecodeAll(compressed, nil)
		if err != nil || int64(len(text)) != record.Bytes || !strings.Contains(string(text), `"onlyInWorker"`) || record.Worker != "1" {
			t.Errorf("%d bytes, record %+v, %v", len(text), record, err)
		}
	})
}

// noFile holds that nothing is left under a snapshot's name, nor beside it.
func noFile(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Errorf("left behind: %s", e.Name())
	}
}

// TestDeathDuringCapture kills the program when the first bytes have come.
func TestDeathDuringCapture(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		p, out := start(t, bin, app(t))
		out.after(t, "listening on ")
		path := filepath.Join(t.TempDir(), "dead.heapsnapshot")
		killed := false
		_, err := p.Capture(t.Context(), path, CaptureOptions{Progress: func(c CaptureProgress) {
			if c.Bytes > 0 && !killed {
				killed = true
				if program, err := os.FindProcess(p.Info().PID); err == nil {
					_ = program.Kill()
				}
			}
		}})
		// All bytes may have been on their way when the program died.
		var e *Error
		if err != nil && (!errors.Is(err, ErrGone) || !errors.As(err, &e) || e.Hint == "") {
			t.Errorf("error %v", err)
		}
		if err != nil {
			noFile(t, path)
		}
		<-p.Done()
		if exit := p.Exit(); exit.Signal != "SIGKILL" {
			t.Errorf("exit %v", exit)
		}
	})
}

// TestDiskFull captures to a file system that is too small.
func TestDiskFull(t *testing.T) {
	node := anyNode(t)
	dir := t.TempDir()
	if err := mountTiny(dir); err != nil {
		t.Skipf("a tiny file system cannot be mounted: %v", err)
	}
	t.Cleanup(func() { _ = unmount(dir) })
	p, out := start(t, node, app(t))
	out.after(t, "listening on ")
	path := filepath.Join(dir, "full.heapsnapshot")
	_, err := p.Capture(t.Context(), path, CaptureOptions{})
	var e *Error
	if !errors.Is(err, syscall.ENOSPC) || !errors.As(err, &e) || !strings.Contains(e.Hint, "disk space") {
		t.Errorf("error %v", err)
	}
	noFile(t, path)
	if _, err := p.Memory(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestUnwritable captures to where nothing can be written.
func TestUnwritable(t *testing.T) {
	p, out := start(t, anyNode(t), app(t))
	out.after(t, "listening on ")
	_, err := p.Capture(t.Context(), filepath.Join(t.TempDir(), "no", "x.heapsnapshot"), CaptureOptions{})
	var e *Error
	if !errors.Is(err, os.ErrNotExist) || !errors.As(err, &e) || e.Hint == "" {
		t.Errorf("error %v", err)
	}
}

// TestHeadroom holds that a program near its limit is spared.
func TestHeadroom(t *testing.T) {
	p := &Process{pid: os.Getpid()}
	p.Thread = &Thread{process: p}
	const limit = 50e6
	if err := p.checkHeadroom(Memory{HeapUsed: limit * 9 / 10, HeapLimit: limit}); !errors.Is(err, ErrHeadroom) {
		t.Errorf("error %v", err)
	}
	if err := p.checkHeadroom(Memory{HeapUsed: limit / 2, HeapLimit: limit}); err != nil {
		t.Error(err)
	}
	if err := p.checkHeadroom(Memory{HeapUsed: 1 << 60}); !errors.Is(err, ErrHeadroom) {
		t.Errorf("error %v", err)
	}
}

func TestIncomplete(t *testing.T) {
	for text, complete := range map[string]bool{
		`{"snapshot":{},"strings":["a"]}`:          true,
		`{"snapshot":{},"strings":["a"` + "\n]\n}": true,
		`{"snapshot":{},"strings":["a"]`:           false,
		`{"snapshot":{},"nodes":[1,2`:              false,
		``:                                         false,
		`{"other":[]}`:                             false,
	} {
		w := &snapshotWriter{out: nopCloser{new(strings.Builder)}}
		for _, b := range []byte(text) { // in the smallest pieces
			if _, err := w.Write([]byte{b}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.check(); (err == nil) != complete || err != nil && !errors.Is(err, ErrIncomplete) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestFilter feeds a program's standard error in pieces of each size. The first
// URL is the program's own, whoever has read it; others are of its forks.
func TestFilter(t *testing.T) {
	const in = "Debugger listening on ws://127.0.0.1:1/a\nFor help, see: https://nodejs.org/en/docs/inspector\n" +
		"De\nDebugger attached.\nhello\nDebugger of mine\n\nDebugger ending on ws://127.0.0.1:1/a\nDebugger listening on ws://127.0.0.1:1/b\n" +
		"Starting inspector on 127.0.0.1:2 failed: address already in use\nDebugger listening on ws://127.0.0.1:3/c\nprompt> De"
	const want = "De\nhello\nDebugger of mine\n\nprompt> De"
	for size := 1; size <= len(in); size++ {
		var out strings.Builder
		f := newInspectorFilter(&out)
		var own []string
		for i := 0; i < len(in); i += size {
			if _, err := fmt.Fprint(f, in[i:min(len(in), i+size)]); err != nil {
				t.Fatal(err)
			}
			select {
			case url := <-f.url:
				own = append(own, url)
			default:
			}
		}
		f.flush()
		if out.String() != want {
			t.Errorf("pieces of %d: %q", size, out.String())
		}
		urls, refused := f.forkedURLs()
		if !slices.Equal(own, []string{"ws://127.0.0.1:1/a"}) ||
			!slices.Equal(urls, []string{"ws://127.0.0.1:1/b", "ws://127.0.0.1:3/c"}) || !slices.Equal(refused, []string{"127.0.0.1:2"}) {
			t.Errorf("pieces of %d: its own %q, of forks %q, refused %q", size, own, urls, refused)
		}
	}
}

// TestFilterRefused: a program that cannot open its own inspector says why.
func TestFilterRefused(t *testing.T) {
	const said = "Starting inspector on 127.0.0.1:9229 failed: address already in use\n"
	var out strings.Builder
	f := newInspectorFilter(&out)
	if _, err := fmt.Fprint(f, said); err != nil || out.String() != said || f.lastWords() != strings.TrimSpace(said) {
		t.Errorf("%v, %q, last words %q", err, out.String(), f.lastWords())
	}
}
