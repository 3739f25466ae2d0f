package structure

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// long is the number of lines from which a file is worth a second look: it
// probably holds more than one idea.
const long = 500

var generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// TestLongFiles only reports: "go test -v -run LongFiles ./test/structure".
func TestLongFiles(t *testing.T) {
	for _, p := range list(t, module+"/...") {
		for _, name := range slices.Concat(p.GoFiles, p.TestGoFiles, p.XTestGoFiles) {
			path := filepath.Join(p.Dir, name)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if n := bytes.Count(text, []byte("\n")); n > long && !generated.Match(text) {
				t.Logf("%s has %d lines", path, n)
			}
		}
	}
}
