package cli

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/internal/node"
)

// watch runs plumb memory --watch until enough lines were seen, and ends it as
// Ctrl-C does.
func watch(t *testing.T, p *program, flag string, enough func(line string) bool) {
	t.Helper()
	cmd := exec.Command("plumb", "memory", p.pid(), "--watch", "--every", "50ms", flag)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if enough(lines.Text()) {
			break
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Error(err)
	}
	if _, err := io.Copy(io.Discard, out); err != nil { // until it ends
		t.Error(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("Ctrl-C: %v", err)
	}
	if p.inspected() {
		t.Error("the inspector is open after plumb has ended")
	}
}

// TestWatchMemory holds that a watch tells of the collections between its rows.
func TestWatchMemory(t *testing.T) {
	p := newProgram(t, "setInterval(() => { for (let i = 0; i < 1e4; i++) new Array(1000).fill(i); }, 20); console.log('ready')")
	rows := 0
	watch(t, p, "--json", func(line string) bool {
		var row struct {
			HeapUsed uint64
			GC       *node.Collections
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Error(err)
			return true
		}
		if (row.GC == nil) != (rows == 0) {
			t.Errorf("row %d: %s", rows, line)
		}
		rows++
		return row.GC != nil && row.GC.Minor.Count > 0 && row.GC.Minor.Total > 0 && row.HeapUsed > 0
	})
	var text []string
	watch(t, p, "--csv", func(line string) bool {
		text = append(text, line)
		return len(text) == 3
	})
	table, err := csv.NewReader(strings.NewReader(strings.Join(text, "\n"))).ReadAll()
	if err != nil || len(table) != 3 {
		t.Fatalf("%v: %q", err, text)
	}
	if table[0][6] != "span" || table[1][6] != "" || table[2][6] == "" {
		t.Errorf("%q", table)
	}
}
