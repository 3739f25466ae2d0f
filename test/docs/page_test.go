package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// top is the folder of the repository, from here.
const top = "../.."

// page is one Markdown file.
type page struct {
	path   string // from the top, with slashes
	prose  string // the text with its fenced blocks blanked out, line by line
	blocks []block
	heads  []string // anchors of the headings
}

// block is fenced text, or a line of indented text.
type block struct {
	info  string // the language, "" when it has none
	line  int    // of its first line, from 1
	lines []string
}

// pages reads all that is written for people.
func pages(t *testing.T) []*page {
	t.Helper()
	paths := []string{"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"}
	for _, dir := range []string{"docs", "examples", "deploy"} {
		err := filepath.WalkDir(filepath.Join(top, dir), func(path string, d fs.DirEntry, err error) error {
			if d != nil && d.IsDir() && d.Name() == "node_modules" {
				return fs.SkipDir
			}
			if err == nil && filepath.Ext(path) == ".md" {
				path, err = filepath.Rel(top, path)
				paths = append(paths, filepath.ToSlash(path))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	list := make([]*page, 0, len(paths))
	for _, path := range paths {
		list = append(list, readPage(t, path))
	}
	return list
}

var fence = regexp.MustCompile("^ *(```+|~~~+) *([a-zA-Z]*)")

func readPage(t *testing.T, path string) *page {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	p := &page{path: path}
	var prose []string
	var open *block
	inset := false // in an indented block, which an empty line comes before
	for i, line := range strings.Split(string(text), "\n") {
		m := fence.FindStringSubmatch(line)
		switch {
		case m != nil && open == nil:
			open = &block{info: m[2], line: i + 2}
			line = ""
		case m != nil:
			p.blocks = append(p.blocks, *open)
			open, line = nil, ""
		case open != nil:
			open.lines = append(open.lines, line)
			line = ""
		case strings.HasPrefix(line, "    ") && (inset || i > 0 && prose[i-1] == ""):
			p.blocks = append(p.blocks, block{line: i + 1, lines: []string{strings.TrimSpace(line)}})
			inset, line = true, ""
		default:
			inset = false
		}
		prose = append(prose, line)
	}
	if open != nil {
		t.Errorf("%s:%d: the block is never closed", path, open.line)
	}
	p.prose = strings.Join(prose, "\n")
	p.heads = anchors(prose)
	return p
}

var linked = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)

// anchors makes those of the headings, as GitHub does.
func anchors(lines []string) []string {
	var made []string
	for _, line := range lines {
		level := len(line) - len(strings.TrimLeft(line, "#"))
		if level == 0 || level > 6 || !strings.HasPrefix(line[level:], " ") {
			continue
		}
		title := strings.ToLower(linked.ReplaceAllString(strings.TrimSpace(line[level:]), "$1"))
		anchor := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-', r == '_', unicode.IsLetter(r), unicode.IsNumber(r):
				return r
			}
			return -1
		}, title)
		for n, base := 1, anchor; slices.Contains(made, anchor); n++ {
			anchor = base + "-" + string(rune('0'+n))
		}
		made = append(made, anchor)
	}
	return made
}

// lineAt is the number of the line at an offset of the prose.
func (p *page) lineAt(offset int) int { return 1 + strings.Count(p.prose[:offset], "\n") }
