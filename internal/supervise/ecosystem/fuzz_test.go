package ecosystem

import (
	"os"
	"path/filepath"
	"testing"
)

// fuzzText reads any text: values and apps, or an error that names the file.
func fuzzText(f *testing.F, name string, seeds ...string) {
	for _, pattern := range []string{"*.json", "*.yml"} {
		paths, err := filepath.Glob(filepath.Join("testdata", "shop", pattern))
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(text), "production")
		}
	}
	for _, s := range seeds {
		f.Add(s, "")
	}
	dir, err := filepath.Abs(filepath.Join("testdata", "shop"))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text, env string) {
		if len(text) > maxFile {
			return
		}
		path := filepath.Join(dir, name)
		src, err := read(t.Context(), path, text, Options{})
		if err == nil {
			d := &decoder{source: src, opts: Options{Env: env, Dir: dir}, path: path}
			var file *File
			if file, err = d.file(); err == nil && len(file.Apps) == 0 {
				t.Error("neither an app nor an error")
			}
		}
		if wrong, ok := err.(*Error); err != nil && (!ok || wrong.File != path || wrong.Hint == "" || wrong.Line < 0) { //nolint:errorlint // exactly this type
			t.Errorf("error %#v", err)
		}
	})
}

func FuzzJSON(f *testing.F) {
	fuzzText(f, "e.json", `{"apps":[{"script":"app.js","max_memory_restart":"1.5G"}]}`, `[,]`, `{"apps":[{"script":-1e999}]}`, "`x`", `{__proto__: null}`)
}

func FuzzYAML(f *testing.F) {
	fuzzText(f, "e.yaml", "apps: &a [*a]", "a: &a {<<: *a}", "apps:\n- script: app.js\n  instances: .inf", "? [x]\n: y", "--- 1\n--- 2")
}
