package exhibit

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func nodes(t *testing.T) []string {
	t.Helper()
	if list := filepath.SplitList(os.Getenv("PLUMB_NODES")); len(list) > 0 {
		return list
	}
	bin, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	return []string{bin}
}

// Every exhibit leaves behind what it predicts, and its fix does not.
func TestExhibitsAsPredicted(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, bin := range nodes(t) {
		for _, e := range all {
			m, err := Run(t.Context(), &e, bin)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s %-20s predicted %6d, leaky %6d, fixed %5d", m.Node, e.Name, m.Predicted, m.Leaky, m.Fixed)
			if m.Verdict != AsPredicted {
				t.Errorf("%s on Node.js %s: predicted %d bytes a call, leaky %d, fixed %d", e.Name, m.Node, m.Predicted, m.Leaky, m.Fixed)
			}
		}
	}
}

var update = flag.Bool("update", false, "rewrite docs/lab with what is measured")

// The pages in docs/lab are those of the exhibits, and every result in them was
// measured with the programs as they are. The numbers are those of the day on which
// they were written: TestExhibitsAsPredicted says that they still hold.
func TestPages(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join("..", "..", "..", "docs", "lab")
	var index strings.Builder
	index.WriteString("# Exhibits\n\nWritten by `go test ./internal/lab/exhibit -update`.\n\n")
	for _, e := range all {
		fmt.Fprintf(&index, "- [%s](%s.md): %s\n", e.Name, e.Name, e.Title)
		path := filepath.Join(folder, e.Name+".md")
		results := ""
		if *update {
			results = measured(t, &e)
		} else if old, err := os.ReadFile(path); err == nil {
			_, results, _ = strings.Cut(string(old), resultsHead)
		}
		if !strings.Contains(results, "| v") {
			t.Errorf("%s has no results: run with -update", path)
		}
		same(t, path, page(&e)+resultsHead+results)
	}
	index.WriteString("\n[Habits that prevent leaks](prevention.md)\n")
	same(t, filepath.Join(folder, "README.md"), index.String())
}

const resultsHead = "## Predicted and measured\n\n"

func measured(t *testing.T, e *Exhibit) string {
	var out strings.Builder
	out.WriteString("Bytes that a call leaves behind: the median slope of 7 rounds of 100 calls.\n\n| Node.js | predicted | leaky | fixed |\n|---|---:|---:|---:|\n")
	for _, bin := range nodes(t) {
		m, err := Run(t.Context(), e, bin)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "| %s | %d | %d | %d |\n", m.Node, m.Predicted, m.Leaky, m.Fixed)
	}
	return out.String()
}

func page(e *Exhibit) string {
	var out strings.Builder
	fmt.Fprintf(&out, "# %s\n\n%s\n```js\n%s```\n\nFixed:\n\n```js\n%s```\n\n", e.Title, e.Page, e.Leaky, e.Fixed)
	if e.Lint != "" {
		fmt.Fprintf(&out, "In source code: `plumb lint --explain %s`. ", e.Lint)
	}
	fmt.Fprintf(&out, "In a program: `%s`. Measured on your Node.js: `plumb lab exhibit %s --run`.\n\n", e.Command, e.Name)
	return out.String()
}

func same(t *testing.T, path, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%s is not what the exhibit says (%v): run with -update", path, err)
	}
}

// What the pages of prevention show was printed by Node.js, and is the same in
// every version.
func TestHabits(t *testing.T) {
	for _, bin := range nodes(t) {
		all, err := Habits(t.Context(), bin)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		out.WriteString("# Habits that prevent leaks\n\nWritten by `go test ./internal/lab/exhibit -update`; what is printed was printed by Node.js. `plumb lab prevention` runs them on yours.\n")
		for _, h := range all {
			fmt.Fprintf(&out, "\n## %s\n\n%s\n", h.Title, h.Text)
			for _, p := range []Printed{h.Before, h.After} {
				fmt.Fprintf(&out, "\n`%s`\n\n```js\n%s```\n\nprints\n\n```\n%s```\n", p.File, p.Source, p.Output)
			}
		}
		same(t, filepath.Join("..", "..", "..", "docs", "lab", "prevention.md"), out.String())
	}
}
