package huntcmd

import (
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// TestHuntOptions holds that what to run next sends the same load, and that a
// report tells no secret of it.
func TestHuntOptions(t *testing.T) {
	cmd := newHuntCommand(&terminal.UI{})
	err := cmd.ParseFlags([]string{
		"-u", "/a?n={{n}}", "-u", "/b", "-m", "POST", "-H", "Authorization: Bearer secret", "--body", `{"password":"secret"}`,
		"--requests", "500", "--ready-line", "it's up", "--i-own-this-host", "--out", "kept", "--budget", "100B/request",
	})
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(huntOptions(cmd), " ")
	want := `--body ... --header 'Authorization: ...' --i-own-this-host --method POST --ready-line 'it'\''s up' --requests 500 --url '/a?n={{n}}' --url /b`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
