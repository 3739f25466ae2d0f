package docs

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite docs/reference")

const notice = "<!-- Made from the code by test/docs: make golden rewrites it. -->\n\n"

// TestReference holds that the pages of docs/reference say what the code says.
func TestReference(t *testing.T) {
	for name, write := range map[string]func(*testing.T, *bytes.Buffer){
		"commands.md":      writeCommands,
		"exit-codes.md":    writeExitCodes,
		"json.md":          writeJSON,
		"metrics.md":       writeMetrics,
		"configuration.md": writeConfiguration,
	} {
		var b bytes.Buffer
		b.WriteString(notice)
		write(t, &b)
		got := strings.TrimRight(b.String(), "\n") + "\n"
		path := filepath.Join(top, "docs", "reference", name)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("docs/reference/%s is not what the code says (make golden rewrites it):\n%s", name, diff)
		}
	}
}

// cell makes text fit for a cell of a table.
func cell(format string, args ...any) string {
	text := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
	return strings.ReplaceAll(text, "|", `\|`)
}

// row writes one row of a table.
func row(b *bytes.Buffer, cells ...string) {
	fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
}
