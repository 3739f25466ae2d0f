package exhibit

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

//go:embed prevention
var prevention embed.FS

// habits are the pairs in the order in which they are read.
var habits = []string{"fewer-globals", "strict-mode", "es-module", "const-let", "clear-timers", "remove-listeners"}

// Habit is a way to write programs that prevents a leak: a program without it and
// one with it, and what Node.js printed when it ran them.
type Habit struct {
	Name   string  `json:"name"`
	Title  string  `json:"title"`
	Text   string  `json:"text"`
	Before Printed `json:"before"`
	After  Printed `json:"after"`
}

// Printed is a program and what it printed; of an exception the line that names it.
type Printed struct {
	File   string `json:"file"`
	Source string `json:"source"`
	Output string `json:"output"`
}

// Habits runs all pairs on a Node.js.
func Habits(ctx context.Context, node string) ([]Habit, error) {
	var all []Habit
	for _, name := range habits {
		h := Habit{Name: name}
		entries, err := prevention.ReadDir("prevention/" + name)
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			b, err := prevention.ReadFile("prevention/" + name + "/" + entry.Name())
			if err != nil {
				return nil, err
			}
			text := string(b)
			if entry.Name() == "page.md" {
				title, rest, _ := strings.Cut(text, "\n")
				h.Title, h.Text = strings.TrimPrefix(title, "# "), strings.TrimSpace(rest)
				continue
			}
			p := &h.After
			if strings.HasPrefix(entry.Name(), "before") {
				p = &h.Before
			}
			output, err := printed(ctx, node, entry.Name(), text)
			if err != nil {
				return nil, fmt.Errorf("run %s of %s: %w", entry.Name(), name, err)
			}
			*p = Printed{File: entry.Name(), Source: text, Output: output}
		}
		all = append(all, h)
	}
	return all, nil
}

var exception = regexp.MustCompile(`(?m)^\w*Error: .*$`)

func printed(ctx context.Context, node, name, source string) (string, error) {
	folder, err := os.MkdirTemp("", "plumb-lab")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
		return "", err
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, node, "--expose-gc", path)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	var exit *exec.ExitError
	if thrown := exception.FindString(stderr.String()); errors.As(err, &exit) && thrown != "" {
		return stdout.String() + thrown + "\n", nil
	}
	return stdout.String(), err
}
