package conformance

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// question is what the engine is asked: "ask" and its parameters.
type question map[string]any

// engine is a running engine/runner.mjs.
type engine struct {
	in  io.WriteCloser
	out *bufio.Reader
}

// startEngine runs the engine until the test ends. It skips the test when
// there is no Node or the packages cannot be installed.
func startEngine(t *testing.T) *engine {
	t.Helper()
	dir := installEngine(t)
	cmd := exec.Command("node", "--max-old-space-size=8000", "runner.mjs")
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("engine: %v", err)
		}
	})
	return &engine{in, bufio.NewReader(out)}
}

// errRefused is an error that the engine itself gave as the answer.
var errRefused = errors.New("engine refuses")

// ask returns the engine's answer, as JSON.
func (e *engine) ask(q question) (json.RawMessage, error) {
	line, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	if _, err := e.in.Write(append(line, '\n')); err != nil {
		return nil, fmt.Errorf("ask engine: %w", err)
	}
	if line, err = e.out.ReadBytes('\n'); err != nil {
		return nil, fmt.Errorf("read engine's answer: %w", err)
	}
	var reply struct {
		Answer json.RawMessage
		Error  string
	}
	if err := json.Unmarshal(line, &reply); err != nil {
		return nil, fmt.Errorf("read engine's answer: %w", err)
	}
	if reply.Error != "" {
		return nil, fmt.Errorf("%w: %s", errRefused, reply.Error)
	}
	return reply.Answer, nil
}

// load makes the engine read a snapshot under a name.
func (e *engine) load(file, name string) error {
	_, err := e.ask(question{"ask": "load", "file": file, "as": name})
	return err
}

// askFor decodes the engine's answer into v.
func (e *engine) askFor(q question, v any) error {
	answer, err := e.ask(q)
	if err != nil {
		return err
	}
	return json.Unmarshal(answer, v)
}

// installEngine makes a folder with the engine, installed and bundled, and
// returns it. The packages stay in the user's cache.
func installEngine(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(cacheDir(t), "engine")
	sources, err := filepath.Glob("engine/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(source)), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	npmInstall(t, dir, "chrome-devtools-frontend")
	run(t, dir, "node", "bundle.mjs")
	return dir
}
