package files_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/plumb-dev/plumb/internal/lint/files"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// tree writes the files of a txtar archive.
func tree(t *testing.T, archive string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		path := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const project = `
-- .git/info/exclude --
private.js
-- .gitignore --
# built
/dist
*.gen.js
!keep.gen.js
logs/
a?c.js
-- index.js --
-- keep.gen.js --
-- some.gen.js --
-- private.js --
-- abc.js --
-- logs/a.js --
-- dist/out.js --
-- sub/dist/in.js --
-- sub/.gitignore --
secret.ts
-- sub/secret.ts --
-- sub/secret/a.ts --
-- sub/types.d.ts --
-- sub/a.test.ts --
-- sub/a.tsx --
-- sub/lib.min.js --
-- test/a.js --
-- node_modules/x/index.js --
-- .hidden/a.js --
-- .eslintrc.js --
-- readme.md --
`

func find(t *testing.T, dir string, o files.Options, paths ...string) []string {
	t.Helper()
	t.Chdir(dir)
	list, err := files.Find(t.Context(), paths, o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range list.Files {
		list.Files[i] = filepath.ToSlash(list.Files[i])
	}
	return list.Files
}

func TestFind(t *testing.T) {
	dir := tree(t, project)
	for _, tt := range []struct {
		paths   []string
		options files.Options
		want    string
	}{
		{[]string{"."}, files.Options{}, "index.js keep.gen.js sub/a.tsx sub/dist/in.js sub/secret/a.ts"},
		{[]string{"sub"}, files.Options{}, "sub/a.tsx sub/dist/in.js sub/secret/a.ts"},
		{[]string{"sub", "./sub", "sub/a.tsx"}, files.Options{}, "sub/a.tsx sub/dist/in.js sub/secret/a.ts"},
		// What is named is taken.
		{[]string{"dist", "test", "private.js", "sub/types.d.ts"}, files.Options{}, "dist/out.js private.js sub/types.d.ts test/a.js"},
		{[]string{"node_modules/x"}, files.Options{}, "node_modules/x/index.js"},
		{[]string{"."}, files.Options{Base: dir, Ignore: []string{"sub/dist", "**/*.gen.js"}}, "index.js sub/a.tsx sub/secret/a.ts"},
		{[]string{"sub"}, files.Options{Base: dir, Only: []string{"sub/**/*.ts"}}, "sub/secret/a.ts"},
	} {
		if got := strings.Join(find(t, dir, tt.options, tt.paths...), " "); got != tt.want {
			t.Errorf("%v %+v:\n got %s\nwant %s", tt.paths, tt.options, got, tt.want)
		}
	}
}

// TestLikeGit holds what patterns mean to git.
func TestLikeGit(t *testing.T) {
	for pattern, want := range map[string]string{
		"\ufeff/a.js":           "lib/a.js lib/b.js",
		"lib/**\n!lib/b.js":     "a.js lib/b.js",
		"lib/**\n!lib/sub/c.js": "a.js",
		"[!b].js":               "lib/b.js",
		"\\[!b].js":             "a.js lib/a.js lib/b.js",
		"*\n!*/\n!b.js":         "lib/b.js",
		"b.js\n!lib/":           "a.js lib/a.js",
		"/lib/*\n!/lib/b.js":    "a.js lib/b.js",
	} {
		dir := tree(t, "-- .git/HEAD --\n-- a.js --\n-- lib/a.js --\n-- lib/b.js --\n")
		if err := os.WriteFile(filepath.Join(dir, ".gitignore"), []byte(pattern), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(find(t, dir, files.Options{}, "."), " "); got != want {
			t.Errorf("%q: %s, want %s", pattern, got, want)
		}
	}
}

// TestSkipped holds that what is left out is counted with its reason.
func TestSkipped(t *testing.T) {
	t.Chdir(tree(t, project))
	list, err := files.Find(t.Context(), []string{"."}, files.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"ignored by git": 6, "tests": 2, "dependencies": 1, "hidden": 3, "declarations of types": 1, "minified or bundled": 1}
	for why, n := range want {
		if list.Skipped[why] != n {
			t.Errorf("%s: %d, want %d (%v)", why, list.Skipped[why], n, list.Skipped)
		}
	}
}

// TestLinks holds that a folder that leads to itself ends the walk, a link to a
// file is followed, and one to nothing or to a pipe is not.
func TestLinks(t *testing.T) {
	dir := tree(t, "-- a/b/c.js --\n-- d.js --\n")
	for link, target := range map[string]string{"a/b/up": "..", "a/loop.js": "loop.js", "a/file.js": "../d.js", "a/gone.js": "nothing.js", "self": "."} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	if got := find(t, dir, files.Options{}, "."); !slices.Equal(got, []string{"a/b/c.js", "a/file.js", "d.js"}) {
		t.Error(got)
	}
	list, err := files.Find(t.Context(), []string{"."}, files.Options{})
	if err != nil || list.Skipped["links to folders"] != 2 || list.Skipped["links to nothing, pipes and the like"] != 2 {
		t.Errorf("%v, %+v", err, list)
	}
}

func TestFindFails(t *testing.T) {
	if _, err := files.Find(t.Context(), []string{filepath.Join(t.TempDir(), "gone")}, files.Options{}); err == nil {
		t.Error("a path that is not there is no error")
	}
}

func TestKinds(t *testing.T) {
	dir := tree(t, "-- package.json --\n{\"type\": \"module\"}\n-- a/b.js --\n-- c/package.json --\n{}\n-- c/d/e.js --\n-- f/package.json --\nbroken\n-- f/g.js --\n")
	var kinds files.Kinds
	for path, want := range map[string]syntax.Kind{"a/b.js": syntax.Module, "c/d/e.js": syntax.CommonJS, "f/g.js": syntax.Module, "x.js": syntax.Module} {
		if got := kinds.Of(filepath.Join(dir, path)); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
}

func TestGenerated(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want bool
	}{
		"written":   {strings.Repeat("const a = 1;\n", 1000), false},
		"minified":  {strings.Repeat("var a=1;", 1000), true},
		"long text": {"const a = '" + strings.Repeat("x", 5000) + "';\n" + strings.Repeat("f(a);\n", 1000), false},
		"small":     {strings.Repeat("a();", 100), false},
		"webpack":   {"/******/ (() => {\n" + strings.Repeat("a();\n", 100), true},
	} {
		if files.Generated(tt.text) != tt.want {
			t.Errorf("%s: want %t", name, tt.want)
		}
	}
}
