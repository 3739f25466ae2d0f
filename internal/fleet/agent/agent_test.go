package agent

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/fleet/spool"
)

// TestAway has no hub at all: a case waits in the spool, its sources with it, and nothing
// is left running afterwards. What it is like with a hub, cmd/plumb-hub tests.
func TestAway(t *testing.T) {
	defer goleak.VerifyNone(t)
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := nobody.Addr().String()
	_ = nobody.Close()
	dir := t.TempDir()
	source := filepath.Join(dir, "app.js")
	library := filepath.Join(dir, "node_modules", "lib.js")
	if err := os.MkdirAll(filepath.Dir(library), 0o700); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{
		source: "const cache = new Map();\n", library: "// not ours\n",
		filepath.Join(dir, "a"): "first", filepath.Join(dir, "b"): "second",
		filepath.Join(dir, "a.json"): `{"bytes": 100}`,
		filepath.Join(dir, "b.json"): fmt.Sprintf(`{"bytes": 200, "scripts": [{"id": 1, "url": "file://%s"}, {"id": 2, "url": %q}, {"id": 3, "url": "node:fs"}]}`, source, library),
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	waiting, err := spool.Open(filepath.Join(dir, "spool"), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var said []string
	a, err := Start(Options{
		Link: fleet.Link{URL: "nats://" + address, Token: fleet.Token{Name: "web-1", Secret: "secret"}}, Host: "h", Release: "v1", Spool: waiting,
		Apps:  func(context.Context) []fleet.App { return []fleet.App{{App: "shop"}} },
		Carry: func(context.Context, fleet.Command) *fleet.Outcome { return nil },
		Say: func(m string) {
			mu.Lock()
			defer mu.Unlock()
			said = append(said, m)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the same twice is one case
		_, err = a.Compare(t.Context(), fleet.Case{App: "shop", Time: time.Now()}, filepath.Join(dir, "a"), filepath.Join(dir, "b"))
		if err == nil || !strings.HasPrefix(err.Error(), "the hub is away") {
			t.Errorf("compare: %v", err)
		}
	}
	if err := a.Report(fleet.Case{App: "shop", Time: time.Now(), Problem: "no memory"}); err != nil {
		t.Error(err)
	}
	a.Close()
	list := waiting.Waiting()
	if len(list) != 2 || list[0].Release != "v1" || len(list[0].Snapshots) != 2 || list[0].Snapshots[1].Raw != 200 || list[1].Problem != "no memory" {
		t.Fatalf("waiting %+v", list)
	}
	about, err := contextOf(filepath.Join(dir, "b"))
	if err != nil || len(about) == 0 || list[0].Context == nil || list[0].Context.Bytes != int64(len(about)) {
		t.Errorf("context of %d bytes, %+v, %v", len(about), list[0].Context, err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(said) != 1 || !strings.HasPrefix(said[0], "the hub is away") {
		t.Errorf("said %q", said)
	}
}
