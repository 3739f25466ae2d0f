package docs

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// link is [text](target), ![text](target) or [name]: target.
var link = regexp.MustCompile(`\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|(?m:^\[[^\]]+\]:\s+(\S+))`)

// code is a span of code, in which nothing is a link.
var code = regexp.MustCompile("``[^`]+``|`[^`]*`")

// home is where the repository is read by others.
const home = "https://github.com/plumb-dev/plumb/blob/main/"

func TestLinks(t *testing.T) {
	all := map[string]*page{}
	for _, p := range pages(t) {
		all[p.path] = p
	}
	for _, p := range all {
		text := code.ReplaceAllStringFunc(p.prose, func(s string) string { return strings.Repeat("`", len(s)) })
		for _, m := range link.FindAllStringSubmatchIndex(text, -1) {
			from, to := m[2], m[3]
			if from < 0 {
				from, to = m[4], m[5]
			}
			target := text[from:to]
			file, anchor, hasAnchor := strings.Cut(target, "#")
			if ours, ok := strings.CutPrefix(file, home); ok {
				file = "/" + ours
			}
			if strings.Contains(file, "://") || strings.HasPrefix(file, "mailto:") {
				continue
			}
			if why := missing(all, p, file, anchor, hasAnchor); why != "" {
				t.Errorf("%s:%d: the link to %s: %s", p.path, p.lineAt(from), target, why)
			}
		}
	}
}

// missing says why a link leads nowhere.
func missing(all map[string]*page, from *page, file, anchor string, hasAnchor bool) string {
	at := from.path
	switch {
	case strings.HasPrefix(file, "/"):
		at = file[1:]
	case file != "":
		at = path.Join(path.Dir(from.path), file)
	}
	if strings.HasPrefix(at, "..") {
		return "it leaves the repository"
	}
	if _, err := os.Stat(filepath.Join(top, filepath.FromSlash(at))); err != nil {
		return "no such file: " + at
	}
	switch p := all[at]; {
	case !hasAnchor:
	case p == nil:
		return "only pages have anchors: " + at
	case !slices.Contains(p.heads, anchor):
		return "no such heading in " + at
	}
	return ""
}

// elsewhere are addresses of our own pages outside of pages: in the source, in manifests.
var elsewhere = regexp.MustCompile(regexp.QuoteMeta(home) + `([A-Za-z0-9_./-]+\.md)(#[a-z0-9_-]+)?`)

func TestLinksInSource(t *testing.T) {
	all := map[string]*page{}
	for _, p := range pages(t) {
		all[p.path] = p
	}
	eachFile(t, []string{"cmd", "deploy", "examples", "heap", "internal"}, func(name, text string) {
		for _, m := range elsewhere.FindAllStringSubmatch(text, -1) {
			if why := missing(all, &page{path: name}, "/"+m[1], strings.TrimPrefix(m[2], "#"), m[2] != ""); why != "" {
				t.Errorf("%s: %s: %s", name, m[0], why)
			}
		}
	})
}

// eachFile reads the sources below some folders: Go and YAML, without tests.
func eachFile(t *testing.T, dirs []string, see func(name, text string)) {
	t.Helper()
	for _, dir := range dirs {
		err := filepath.WalkDir(filepath.Join(top, dir), func(name string, d fs.DirEntry, err error) error {
			if d != nil && d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata") {
				return fs.SkipDir
			}
			ext := filepath.Ext(name)
			if err != nil || d.IsDir() || ext != ".go" && ext != ".yml" && ext != ".yaml" || strings.HasSuffix(name, "_test.go") {
				return err
			}
			text, err := os.ReadFile(name)
			if err == nil {
				name, err = filepath.Rel(top, name)
				see(filepath.ToSlash(name), string(text))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
