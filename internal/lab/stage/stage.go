// Package stage runs a program and reads its memory at marks in its source: a
// comment "// stage: NAME" on a line of its own, or a call of plumbStage('NAME').
//
// Terms: a stage is what runs between two marks and has the name of the first. Its
// figures are those at its end, and what they changed by from its beginning.
//
// The program runs as it is, on full speed and without a debugger. What died is found
// in a second run, which record stops at each line.
package stage

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/plumb-dev/plumb/internal/lab"
)

// Demo is the program of the tutorial.
//
//go:embed demo.js
var Demo string

//go:embed preload.cjs
var preload string

// Memory is what process.memoryUsage() tells, in bytes.
type Memory struct {
	RSS          int64 `json:"rss"`
	HeapTotal    int64 `json:"heapTotal"`
	HeapUsed     int64 `json:"heapUsed"`
	External     int64 `json:"external"`
	ArrayBuffers int64 `json:"arrayBuffers"`
}

// Minus is the change from an earlier m.
func (m Memory) Minus(earlier Memory) Memory {
	return Memory{m.RSS - earlier.RSS, m.HeapTotal - earlier.HeapTotal, m.HeapUsed - earlier.HeapUsed, m.External - earlier.External, m.ArrayBuffers - earlier.ArrayBuffers}
}

// Stage is what ran between two marks.
type Stage struct {
	Name         string           `json:"name"`
	Milliseconds float64          `json:"milliseconds"`
	Memory       Memory           `json:"memory"` // at the end of the stage
	Change       Memory           `json:"change"`
	Collections  []lab.Collection `json:"collections"`
	Died         []string         `json:"died"` // what V8 freed, of a run under the debugger
}

// Report is a run.
type Report struct {
	Node   string  `json:"node,omitempty"`
	Before Memory  `json:"before"` // when the program began
	Stages []Stage `json:"stages"`
	Output string  `json:"output"`
}

// mark is a line of the preload: a mark that was passed.
type mark struct {
	Stage       string           `json:"stage"`
	At          float64          `json:"at"`
	Memory      Memory           `json:"memory"`
	Collections []lab.Collection `json:"collections"` // since the mark before
}

// Run runs the program at path until it ends, or ctx does.
func Run(ctx context.Context, node, path string, args []string) (*Report, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if absolute, err = filepath.EvalSymlinks(absolute); err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "plumb-lab")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	script := filepath.Join(folder, "preload.cjs")
	for path, source := range map[string]string{
		script: preload, filepath.Join(folder, "collections.cjs"): "module.exports = " + lab.CollectionsSource,
	} {
		if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
			return nil, err
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, node, append([]string{"--expose-gc", "--require", script, absolute}, args...)...)
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = &stdout, &stderr, []*os.File{w}
	cmd.Env = append(os.Environ(), "PLUMB_LAB_MAIN="+absolute)
	err = cmd.Start()
	_ = w.Close()
	if err != nil {
		return nil, err
	}
	marks, readErr := read(r)
	if err := cmd.Wait(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if said := complaint(stderr.String()); said != "" {
			return nil, fmt.Errorf("%s: %w: %s", path, err, said)
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if readErr != nil {
		return nil, readErr
	}
	report, err := stages(marks)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	report.Output = stdout.String()
	return report, nil
}

func complaint(text string) string {
	for _, line := range strings.Split(text, "\n") {
		if strings.Contains(line, "Error:") {
			return line
		}
	}
	return strings.TrimSpace(text)
}

func read(r io.Reader) ([]mark, error) {
	var all []mark
	for decoder := json.NewDecoder(r); ; {
		var m mark
		switch err := decoder.Decode(&m); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		}
		all = append(all, m)
	}
}

// ErrNoEnd is a program that left by process.exit: its last stage has no figures.
var ErrNoEnd = errors.New("the program left before its end")

// stages are what ran between the marks.
func stages(marks []mark) (*Report, error) {
	if len(marks) < 2 {
		return nil, ErrNoEnd
	}
	r := &Report{Before: marks[0].Memory}
	for i := 1; i < len(marks); i++ {
		from, to := marks[i-1], marks[i]
		s := Stage{Name: from.Stage, Milliseconds: to.At - from.At, Memory: to.Memory, Change: to.Memory.Minus(from.Memory), Collections: to.Collections}
		if to.Stage == "(collected)" {
			s.Name = "(collection after the end)"
		}
		r.Stages = append(r.Stages, s)
	}
	return r, nil
}
