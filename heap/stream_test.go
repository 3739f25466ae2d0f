package heap_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/testheap"
)

func gzipped(t testing.TB, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstandard(t testing.TB, text []byte) []byte {
	t.Helper()
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	return z.EncodeAll(text, nil)
}

// crowd is a snapshot of several blocks.
func crowd(nodes int) *testheap.Builder {
	b := full()
	previous := heap.Node(1)
	for i := range nodes {
		n := b.Node("object", "Item", uint64(i%1000)*12345)
		b.Edge(previous, "property", "next", n)
		b.Element(n, i*7, heap.Node(i%7))
		previous = n
	}
	return b
}

// TestWays holds that it does not matter how a snapshot arrives.
func TestWays(t *testing.T) {
	for name, b := range map[string]*testheap.Builder{"small": full(), "several blocks": crowd(8000)} {
		text := b.JSON()
		want := dump(read(t, text))
		readers := map[string]io.Reader{
			"one byte at a time":    iotest.OneByteReader(bytes.NewReader(text)),
			"half of what is asked": iotest.HalfReader(bytes.NewReader(text)),
			"end with the data":     iotest.DataErrReader(bytes.NewReader(text)),
			"gzip":                  bytes.NewReader(gzipped(t, text)),
			"zstd":                  bytes.NewReader(zstandard(t, text)),
			"slow gzip":             iotest.OneByteReader(bytes.NewReader(gzipped(t, text))),
			"two gzip members":      bytes.NewReader(append(gzipped(t, text[:len(text)/2]), gzipped(t, text[len(text)/2:])...)),
		}
		for way, r := range readers {
			s, err := heap.Read(t.Context(), r, heap.Options{})
			if err != nil {
				t.Errorf("%s, %s: %v", name, way, err)
				continue
			}
			if dump(s) != want {
				t.Errorf("%s, %s: something else", name, way)
			}
			_ = s.Close()
		}
		for file, text := range map[string][]byte{
			"a.heapsnapshot": text, "a.heapsnapshot.gz": gzipped(t, text), "packed without a name for it": zstandard(t, text),
		} {
			path := filepath.Join(t.TempDir(), file)
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := heap.Open(t.Context(), path, heap.Options{NoIndex: true})
			if err != nil {
				t.Errorf("%s, %s: %v", name, file, err)
				continue
			}
			if dump(s) != want {
				t.Errorf("%s, %s: something else", name, file)
			}
			_ = s.Close()
		}
	}
}

// TestDamagedArchives: the text may be read whole and still be wrong.
func TestDamagedArchives(t *testing.T) {
	text := crowd(2000).JSON()
	for format, packed := range map[string][]byte{"gzip": gzipped(t, text), "zstd": zstandard(t, text)} {
		for _, cut := range []int{5, 12, len(packed) / 2, len(packed) - 9, len(packed) - 3, len(packed) - 1} {
			_, err := heap.Read(t.Context(), bytes.NewReader(packed[:cut]), heap.Options{})
			if err == nil {
				t.Errorf("%s cut at %d of %d: no error", format, cut, len(packed))
				continue
			}
			wantFault(t, err, heap.ErrTruncated, "", false)
		}
		for at := 0; at < len(packed); at += 1 + len(packed)/97 {
			flipped := bytes.Clone(packed)
			flipped[at] ^= 0x10
			s, err := heap.Read(t.Context(), bytes.NewReader(flipped), heap.Options{})
			if err == nil { // a time or name in the head
				if at > 20 {
					t.Errorf("%s flipped at %d of %d: no error", format, at, len(packed))
				}
				_ = s.Close()
				continue
			}
			var e *heap.Error
			if !errors.As(err, &e) || e.Hint == "" {
				t.Errorf("%s flipped at %d: %v without a kind or a hint", format, at, err)
			}
		}
	}
}

// TestReaderFails holds that an error of the reader is the error, wherever it
// comes.
func TestReaderFails(t *testing.T) {
	broken := errors.New("broken pipe")
	text := crowd(20_000).JSON()
	for _, data := range [][]byte{text, gzipped(t, text), zstandard(t, text)} {
		for _, at := range []int{0, 1, 3, 30, 500, len(data) / 3, len(data) - 30, len(data) - 1} {
			r := io.MultiReader(bytes.NewReader(data[:at]), iotest.ErrReader(broken))
			if _, err := heap.Read(t.Context(), r, heap.Options{}); !errors.Is(err, broken) {
				t.Errorf("%d of %d bytes: error %v, want %v", at, len(data), err, broken)
			}
		}
	}
}

// TestCancel cancels at many moments: the error says so and nothing is left
// behind, neither goroutines (TestMain looks) nor files.
func TestCancel(t *testing.T) {
	text := crowd(60_000).JSON()
	path := filepath.Join(t.TempDir(), "a.heapsnapshot")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	ways := map[string]func(context.Context, heap.Options) (*heap.Snapshot, error){
		"stream": func(ctx context.Context, o heap.Options) (*heap.Snapshot, error) {
			return heap.Read(ctx, bytes.NewReader(text), o)
		},
		"file": func(ctx context.Context, o heap.Options) (*heap.Snapshot, error) { return heap.Open(ctx, path, o) },
	}
	for way, open := range ways {
		for moment := range 9 {
			ctx, cancel := context.WithCancel(t.Context())
			reports := 0
			_, err := open(ctx, heap.Options{Progress: func(heap.Progress) {
				if reports == moment {
					cancel()
				}
				reports++
			}})
			cancel()
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s canceled at report %d: %v", way, moment, err)
			}
		}
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("files left behind: %v %v", entries, err)
	}
}

// TestCancelWaitingStream: a stream that waits for more does not hold up who
// asks to stop, nor does it hide that what came is bad.
func TestCancelWaitingStream(t *testing.T) {
	text := full().JSON()
	for name, test := range map[string]struct {
		start []byte
		want  error
	}{
		"nothing": {nil, context.Canceled},
		"half":    {text[:len(text)/2], context.Canceled},
		"bad":     {bytes.Repeat([]byte("<html>"), 50_000), heap.ErrNotSnapshot},
	} {
		r, w := io.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		got := make(chan error)
		go func() {
			_, err := heap.Read(ctx, r, heap.Options{})
			got <- err
		}()
		_, _ = w.Write(test.start)
		if errors.Is(test.want, context.Canceled) {
			cancel()
		}
		if err := <-got; !errors.Is(err, test.want) {
			t.Errorf("%s: error %v, want %v", name, err, test.want)
		}
		cancel()
		_ = w.Close()
	}
}

// TestCancelUnendingStream: a stream without an end stops when it is asked to.
func TestCancelUnendingStream(t *testing.T) {
	head, _, _ := strings.Cut(string(full().JSON()), "\"nodes\":[")
	for _, start := range []string{"", "{", head + `"later":[`, head + `"nodes":[`, head + `"strings":["`, head + `"trace_tree":[`, head + `"samples":[`} {
		ctx, cancel := context.WithCancel(t.Context())
		blocks := 0
		_, err := heap.Read(ctx, io.MultiReader(strings.NewReader(start), spaces{}), heap.Options{
			Progress: func(heap.Progress) {
				if blocks++; blocks == 20 {
					cancel()
				}
			},
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("behind %.20q: %v", start, err)
		}
		cancel()
	}
}

// spaces never ends.
type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}
