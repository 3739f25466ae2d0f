package heap_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/testheap"
)

// redacted is a snapshot's text without contents.
func redacted(t *testing.T, dir, text string) (string, heap.Redaction) {
	t.Helper()
	path := filepath.Join(dir, "secret.heapsnapshot")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	done, err := heap.Redact(t.Context(), path, &out)
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), done
}

// TestRedact holds what goes and what stays.
func TestRedact(t *testing.T) {
	b := testheap.New()
	root := b.Node("synthetic", "(GC roots)", 0)
	user := b.Node("object", "User", 10)
	b.Edge(root, "property", "user", user)
	for i, text := range []struct{ kind, text string }{
		{"string", "ann@example.com"},
		{"string", "user"},
		{"concatenated string", "(concatenated string)"},
		{"concatenated string", "4711 secret street"},
		{"string", ""},
		{"regexp", "^ann"},
		{"string", "quote \" and \\ and \u2028"},
		{"string", "ж𝄞é"},
		{"number", "3.25"},
		{"closure", "ann@example.com is no text"},
	} {
		b.Element(user, i, b.Node(text.kind, text.text, 3))
	}
	before := string(b.JSON())
	after, done := redacted(t, t.TempDir(), before)
	for _, gone := range []string{"ann@example.com\"", "secret street", "^ann", "quote", "ж", "𝄞", "3.25"} {
		if strings.Contains(after, gone) {
			t.Errorf("%q is still there", gone)
		}
	}
	for _, stays := range []string{"\"user\"", "\"User\"", "(GC roots)", "(concatenated string)", "ann@example.com is no text", "\"\""} {
		if !strings.Contains(after, stays) {
			t.Errorf("%q has gone", stays)
		}
	}
	if done.Replaced != 6 {
		t.Errorf("%+v", done)
	}
	head, _, _ := strings.Cut(before, "\"strings\"")
	if !strings.HasPrefix(after, head) {
		t.Error("what stands before the strings has changed")
	}
	sameShape(t, before, after)
}

// sameShape compares two snapshots in all but texts, whose lengths it compares.
func sameShape(t *testing.T, before, after string) {
	t.Helper()
	open := func(text string) *heap.Snapshot {
		s, err := heap.Read(t.Context(), strings.NewReader(text), heap.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	a, b := open(before), open(after)
	if a.NodeCount() != b.NodeCount() || a.EdgeCount() != b.EdgeCount() {
		t.Fatalf("%d and %d nodes", a.NodeCount(), b.NodeCount())
	}
	for n := range heap.Node(a.NodeCount()) {
		if a.ID(n) != b.ID(n) || a.Type(n) != b.Type(n) || a.RetainedSize(n) != b.RetainedSize(n) || a.Distance(n) != b.Distance(n) {
			t.Fatalf("node %d differs", n)
		}
		if x, y := units(a.Name(n)), units(b.Name(n)); x != y && (x == 0 || y < x) {
			t.Errorf("%q has become %q", a.Name(n), b.Name(n))
		}
	}
}

func units(s string) (n int) {
	for _, c := range s {
		if n++; c > 0xFFFF {
			n++
		}
	}
	return n
}

// TestRedactAnything gives Redact texts of all kinds: what comes out is a snapshot of
// the same shape, and equal texts stay equal.
func TestRedactAnything(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		texts := rapid.SliceOfN(rapid.String(), 1, 20).Draw(r, "texts")
		b := testheap.New()
		root := b.Node("synthetic", "", 0)
		for i, text := range texts {
			b.Element(root, i, b.Node("string", text, 1))
		}
		after, _ := redacted(t, dir, string(b.JSON()))
		s, err := heap.Read(t.Context(), strings.NewReader(after), heap.Options{})
		if err != nil {
			r.Fatal(err)
		}
		defer s.Close()
		names := map[string]string{}
		for i, text := range texts {
			name := s.Name(heap.Node(i + 1))
			if before, seen := names[text]; seen && before != name {
				r.Errorf("%q has become %q and %q", text, before, name)
			}
			names[text] = name
		}
	})
}

// TestRedactBroken writes nothing of a file that is no snapshot.
func TestRedactBroken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cut.heapsnapshot")
	if err := os.WriteFile(path, []byte(shop[:len(shop)-30]), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := heap.Redact(t.Context(), path, &out); !errors.Is(err, heap.ErrTruncated) || out.Len() > 0 {
		t.Errorf("%v, %d bytes", err, out.Len())
	}
}
