package logfile

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"
)

// writes keeps what each Write got.
type writes struct {
	mu  sync.Mutex
	all []string
}

func (w *writes) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, string(p))
	return len(p), nil
}

// String joins them.
func (w *writes) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.all, "^")
}

func TestStreamCutsLines(t *testing.T) {
	var out writes
	s := NewStream(&out, Source{App: "api", Instance: 1}, Form{Prefix: "api 1 | "})
	for _, part := range []string{"one\ntw", "o\r\n\nth", "ree"} {
		if n, err := s.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	want := "api 1 | one\n^api 1 | two\napi 1 | \n^api 1 | three\n"
	if got := out.String(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestStreamAsJSON(t *testing.T) {
	var out bytes.Buffer
	s := NewStream(&out, Source{App: "api", Instance: 2, PID: 77, Stream: "err"}, Form{JSON: true})
	_, _ = s.Write([]byte("<a> \"b\" \xff\t\n"))
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if _, err := time.Parse(time.RFC3339, got["time"].(string)); err != nil {
		t.Error(err)
	}
	delete(got, "time")
	if text, _ := json.Marshal(got); string(text) != `{"app":"api","instance":2,"message":"\u003ca\u003e \"b\" `+"\uFFFD"+`\t","pid":77,"stream":"err"}` {
		t.Errorf("%s", text)
	}
}

func TestStreamWritesTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // 2000-01-01 00:00:00 UTC
		var out bytes.Buffer
		s := NewStream(&out, Source{}, Form{Date: ParseDateFormat("YYYY [now]")})
		_, _ = s.Write([]byte("x\n"))
		if want := time.Now().Format("2006") + " now: x\n"; out.String() != want {
			t.Errorf("%q, want %q", out.String(), want)
		}
		_ = s.Close()
	})
}

// TestStreamWritesWhatHasNoEnd waits for the second after which a prompt is
// written.
func TestStreamWritesWhatHasNoEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out writes
		s := NewStream(&out, Source{}, Form{})
		_, _ = s.Write([]byte("password: "))
		time.Sleep(idle - time.Millisecond)
		synctest.Wait()
		if got := out.String(); got != "" {
			t.Errorf("%q before its time", got)
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		_, _ = s.Write([]byte("secret\n"))
		time.Sleep(2 * idle)
		synctest.Wait()
		if got := out.String(); got != "password: \n^secret\n" {
			t.Errorf("%q", got)
		}
		_ = s.Close()
	})
}

func TestStreamBoundsLines(t *testing.T) {
	var out bytes.Buffer
	s := NewStream(&out, Source{}, Form{})
	text := strings.Repeat("€", maxLine) // 3 bytes each
	if n, err := s.Write([]byte(text)); n != len(text) || err != nil {
		t.Fatal(n, err)
	}
	_ = s.Close()
	lines := strings.SplitAfter(out.String(), "\n")
	for _, line := range lines {
		if len(line) > maxLine+1 || !utf8.ValidString(line) {
			t.Fatalf("a line of %d bytes", len(line))
		}
	}
	if strings.Join(strings.Split(out.String(), "\n"), "") != text {
		t.Error("the lines are not the text")
	}
}
