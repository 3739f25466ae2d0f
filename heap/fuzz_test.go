package heap_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/testheap"
)

// FuzzRead reads anything. What is refused has a kind and a hint; what is read
// answers every question, and twice the same.
func FuzzRead(f *testing.F) {
	for _, change := range []func(*testheap.Builder){
		func(*testheap.Builder) {},
		func(b *testheap.Builder) { b.Format.Layout = testheap.Minified },
		func(b *testheap.Builder) { b.Format = testheap.Node24(); b.Header["extra_native_bytes"] = 7 },
		func(b *testheap.Builder) {
			b.Format = testheap.Chromium()
			b.Scope(testheap.Scope{Script: 1, ID: -2, Vars: []string{"v"}})
		},
	} {
		b := full()
		change(b)
		f.Add(b.JSON())
	}
	f.Add(gzipped(f, full().JSON()))
	f.Add(withStrings(`"\uD83D\uDE00\ud83d","Detached x"`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := heap.Read(t.Context(), bytes.NewReader(text), heap.Options{})
		if err != nil {
			var e *heap.Error
			if !errors.As(err, &e) || e.Kind == nil || e.Hint == "" {
				t.Fatalf("error %v (%T) without a kind or a hint", err, err)
			}
			return
		}
		first := dump(s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		again, err := heap.Read(t.Context(), bytes.NewReader(text), heap.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if second := dump(again); second != first {
			t.Fatalf("read again:\n%s\nfirst:\n%s", second, first)
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
