package diagnosis

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/plumb-dev/plumb/internal/node"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// grows keeps more and more objects, some 2 MB a second, for a minute or two.
const grows = `
const kept = [];
setInterval(() => { for (let i = 0; i < 100 && kept.length < 2e6; i++) kept.push({ n: kept.length, text: 'text ' + kept.length }); }, 5);
`

const idle = `setInterval(() => {}, 1000);`

// start starts a program for a test.
func start(t *testing.T, source string) *node.Process {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	script := filepath.Join(t.TempDir(), "app.js")
	if err := os.WriteFile(script, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := node.Start(t.Context(), node.Command{Args: []string{"node", script}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Stop(context.Background()) })
	return p
}

func newStore(t *testing.T, b Budget) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "findings"), b)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
