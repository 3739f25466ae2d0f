//go:build corpus

package scope_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/plumb-dev/plumb/internal/lint/linttest"
	"github.com/plumb-dev/plumb/internal/lint/scope"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// TestAgainstESLint holds that the names that nothing declares are those that
// eslint-scope finds, in real packages. What a with hides is none for
// eslint-scope, and resolved but marked as dynamic here. A direct eval hides for
// it all scopes around, though it can declare in the innermost function only; a
// sloppy function in a block stays there for it, though the language lets it out.
func TestAgainstESLint(t *testing.T) {
	modules := linttest.Install(t, "eslint-scope", "eslint-scope@8.4.0", "acorn@8.19.0")
	var input bytes.Buffer
	type known struct {
		path    string
		globals map[global]bool
		hoisted map[string]bool
		dynamic map[global]bool
		evals   bool
	}
	var files []known
	for _, path := range linttest.Corpus(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := syntax.Parse(path, string(data), syntax.Unknown)
		if err != nil || f.Lowered() {
			continue
		}
		kind := "script"
		if f.Module {
			kind = "module"
		}
		fmt.Fprintf(&input, "%s\t%s\n", kind, path)
		a := scope.Analyze(f)
		k := known{path: path, globals: map[global]bool{}, hoisted: map[string]bool{}, dynamic: map[global]bool{}}
		for _, r := range a.References {
			p, _ := f.At(r.Idx)
			g := global{r.Name, p.Line, p.Column, r.Write}
			if r.Variable == nil {
				k.globals[g] = true
			}
			k.evals = k.evals || r.Name == "eval" // in strict code, too
			if r.Dynamic {
				k.dynamic[g] = true
			}
			if r.Variable != nil && r.Variable.Kind == scope.FunctionName {
				k.hoisted[r.Name] = true
			}
		}
		files = append(files, k)
	}
	cmd := exec.Command("node", "testdata/globals.cjs")
	cmd.Env = append(os.Environ(), "NODE_PATH="+modules)
	cmd.Stdin, cmd.Stderr = &input, os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 64<<20)
	compared, names, hoisted, evals := 0, 0, 0, 0
	for _, k := range files {
		if !lines.Scan() {
			t.Fatal("eslint-scope ended early")
		}
		var theirs struct {
			Error   string
			Globals []global
		}
		if err := json.Unmarshal(lines.Bytes(), &theirs); err != nil {
			t.Fatal(err)
		}
		if theirs.Error != "" {
			continue // acorn is stricter
		}
		compared++
		expected := map[global]bool{}
		for _, g := range theirs.Globals {
			expected[g] = true
			names++
			switch {
			case k.globals[g], k.dynamic[g]:
			case k.hoisted[g.Name]:
				hoisted++
			case k.evals:
				evals++
			default:
				t.Errorf("%s:%d:%d: %s is a global for eslint-scope only", k.path, g.Line, g.Column, g.Name)
			}
		}
		for g := range k.globals {
			if !expected[g] {
				t.Errorf("%s:%d:%d: %s is a global for plumb only", k.path, g.Line, g.Column, g.Name)
			}
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d globals, %d sloppy functions in blocks, %d names around an eval", compared, names, hoisted, evals)
	if compared < 1000 {
		t.Errorf("only %d files were compared", compared)
	}
}

type global struct {
	Name         string
	Line, Column int
	Write        bool
}
