package logfile

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func TestFileAppends(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "app.log")
	for _, line := range []string{"one\n", "two\n"} {
		f, err := Open(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = f.Write([]byte(line))
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
		if _, _ = f.Write([]byte("late\n")); f.Dropped() != 1 {
			t.Error("a line after Close is not counted")
		}
	}
	if text, err := os.ReadFile(path); string(text) != "one\ntwo\n" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %s", info.Mode())
	}
}

func TestFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	for name, opts := range map[string]Options{
		dir:                          {},
		filepath.Join(dir, "a.log"):  {Rotation: Rotation{Compress: "rar"}},
		filepath.Join(dir, "b.log"):  {Rotation: Rotation{Size: -1}},
		filepath.Join(dir, "c", "d"): {Rotation: Rotation{Keep: -1}},
	} {
		if f, err := Open(name, opts); err == nil {
			t.Errorf("%s %+v is opened", name, opts)
			_ = f.Close()
		}
	}
}

// TestRotationLosesNothing writes from several goroutines while the file rotates
// every MiB, in each compression.
func TestRotationLosesNothing(t *testing.T) {
	for _, compress := range []string{"", "gzip", "zstd"} {
		t.Run(compress, func(t *testing.T) {
			dir := t.TempDir()
			f, err := Open(filepath.Join(dir, "app.log"), Options{Mode: 0o640, Rotation: Rotation{Size: 1, Compress: compress}})
			if err != nil {
				t.Fatal(err)
			}
			const writers, lines, width = 4, 3000, 400
			var all sync.WaitGroup
			for w := range writers {
				all.Go(func() {
					s := NewStream(f, Source{}, Form{})
					for i := range lines {
						fmt.Fprintf(s, "%d %d %*s\n", w, i, width, "x")
					}
					_ = s.Close()
				})
			}
			all.Wait()
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			if f.Dropped() > 0 {
				t.Skipf("%d lines were dropped: the disk does not follow", f.Dropped())
			}
			text, files := readAll(t, dir)
			if files < 4 {
				t.Errorf("%d files: it did not rotate", files)
			}
			next := make([]int, writers)
			for line := range strings.Lines(text) {
				fields := strings.Fields(line)
				w, _ := strconv.Atoi(fields[0])
				i, _ := strconv.Atoi(fields[1])
				if i != next[w] || len(fields) != 3 {
					t.Fatalf("line %q, want number %d of writer %d", line[:20], next[w], w)
				}
				next[w]++
			}
			if !slices.Equal(next, []int{lines, lines, lines, lines}) {
				t.Errorf("%v lines", next)
			}
		})
	}
}

// readAll joins the files in the order of their rotation.
func readAll(t *testing.T, dir string) (string, int) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(paths, func(a, b string) int {
		if (filepath.Base(a) == "app.log") != (filepath.Base(b) == "app.log") {
			return map[bool]int{true: 1, false: -1}[filepath.Base(a) == "app.log"]
		}
		return order(a, b)
	})
	var all strings.Builder
	for _, path := range paths {
		if info, _ := os.Stat(path); info.Mode().Perm() != 0o640 {
			t.Errorf("%s has mode %s", path, info.Mode())
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(unpack(t, path, data))
	}
	return all.String(), len(paths)
}

// order compares names whose time may be the same: -size comes before -size_1.
func order(a, b string) int {
	cut := func(s string) (string, int) {
		s, _, _ = strings.Cut(s, ".log")
		name, number, _ := strings.Cut(s, "_")
		n, _ := strconv.Atoi(number)
		return name, n
	}
	nameA, a1 := cut(a)
	nameB, b1 := cut(b)
	if nameA != nameB {
		return strings.Compare(nameA, nameB)
	}
	return a1 - b1
}

func unpack(t *testing.T, path string, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	switch filepath.Ext(path) {
	case ".gz":
		r, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
	case ".zst":
		r, err := zstd.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if _, err := out.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
	default:
		return data
	}
	return out.Bytes()
}

func TestRotationKeepsSo(t *testing.T) {
	dir := t.TempDir()
	f, err := Open(filepath.Join(dir, "app.log"), Options{Rotation: Rotation{Size: 1 << 20, Keep: 2}})
	if err != nil {
		t.Fatal(err)
	}
	line := []byte(strings.Repeat("x", 200<<10) + "\n")
	for range 40 {
		_, _ = f.Write(line)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	paths, _ := filepath.Glob(filepath.Join(dir, "app-*.log"))
	times := map[string]bool{}
	for _, path := range paths {
		name, _, _ := strings.Cut(path, "-size")
		times[name] = true // those of one millisecond count as one
	}
	if len(times) != 2 {
		t.Errorf("old files of %d times, want 2: %v", len(times), paths)
	}
}

// disk is a writer that can be full, part of the way, or not answer.
type disk struct {
	text  bytes.Buffer
	room  int
	block chan struct{} // not nil: waits for it
}

func (d *disk) Write(p []byte) (int, error) {
	if d.block != nil {
		<-d.block
	}
	n := min(len(p), d.room)
	d.text.Write(p[:n])
	d.room -= n
	if n < len(p) {
		return n, &os.PathError{Op: "write", Path: "app.log", Err: syscall.ENOSPC}
	}
	return n, nil
}

func (*disk) Close() error { return nil }

func TestFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{room: 10}
		var said []string
		f := start("app.log", d, Options{Say: func(m string) { said = append(said, m) }})
		write := func(lines string) {
			before := time.Now()
			if n, err := f.Write([]byte(lines)); n != len(lines) || err != nil {
				t.Error(n, err)
			}
			synctest.Wait()
			if time.Since(before) > 0 {
				t.Error("a full disk keeps the app waiting")
			}
		}
		write("one\n")
		write("two\nthree\nfour\n") // three is cut
		write("five\n")
		d.room = 1000
		write("six\n") // the next try is a second later
		time.Sleep(retry)
		write("seven\n")
		write("eight\n")
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if want := "one\ntwo\nth\nplumb: 4 lines were dropped here\nseven\neight\n"; d.text.String() != want {
			t.Errorf("%q, want %q", d.text.String(), want)
		}
		if f.Dropped() != 4 {
			t.Errorf("%d dropped", f.Dropped())
		}
		want := "log file app.log: no space left on device: lines are dropped until it can be written again\n" +
			"log file app.log is written again; 4 lines were dropped"
		if strings.Join(said, "\n") != want {
			t.Errorf("said %q", said)
		}
	})
}

// TestDeadDisk holds that a disk that does not answer keeps an app waiting for a
// second, not for ever.
func TestDeadDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{room: 1 << 30, block: make(chan struct{})}
		f := start("app.log", d, Options{JSON: true})
		line := []byte(strings.Repeat("x", 1023) + "\n")
		before := time.Now()
		for range 2000 {
			_, _ = f.Write(line)
		}
		if waited := time.Since(before); waited != patience {
			t.Errorf("the app waited for %s, want %s", waited, patience)
		}
		if err := f.Close(); err == nil {
			t.Error("Close does not tell that the disk does not answer")
		}
		close(d.block)
		<-f.done
		lines := int64(strings.Count(d.text.String(), "x\n"))
		if lines == 0 || lines+f.Dropped() != 2000 {
			t.Errorf("%d lines and %d dropped, want 2000", lines, f.Dropped())
		}
	})
}

// TestRealFullDisk fills a small file system.
func TestRealFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := mountSmall(dir); err != nil {
		t.Skipf("no small file system: %v", err)
	}
	t.Cleanup(func() {
		if err := unmount(dir); err != nil {
			t.Error(err)
		}
	})
	said := make(chan string, 10)
	f, err := Open(filepath.Join(dir, "app.log"), Options{Say: func(m string) { said <- m }})
	if err != nil {
		t.Fatal(err)
	}
	line := []byte(strings.Repeat("x", 9999) + "\n")
	for f.Dropped() == 0 {
		_, _ = f.Write(line)
	}
	if m := <-said; !strings.Contains(m, syscall.ENOSPC.Error()) {
		t.Errorf("said %q", m)
	}
	if err := os.Truncate(filepath.Join(dir, "app.log"), 0); err != nil {
		t.Fatal(err)
	}
	for recovered := false; !recovered; {
		_, _ = f.Write([]byte("again\n"))
		select {
		case m := <-said:
			recovered = strings.Contains(m, "is written again")
		default:
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "app.log"))
	if err != nil || !bytes.Contains(text, []byte("lines were dropped here\nagain\n")) {
		t.Errorf("%v, %.200q", err, text)
	}
}
