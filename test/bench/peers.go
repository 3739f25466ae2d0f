//go:build unix

package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A peer is another engine that reads heap snapshots and can give the table of
// classes with retained sizes.
type peer struct {
	Name string
	// load opens file in a process of its own, up to the table of classes.
	load func(ctx context.Context, file string) (usage, error)
	// refuse says why it is not asked to open a file of a size, or nothing.
	refuse func(size int64) string
}

// The engines' versions are pinned: the ratio of two runs must mean the same.
const rustParser = "@vscode/v8-heap-parser@0.1.0"

// parserLimit is where it aborts after minutes of work: it needs nearly five
// times the file.
const parserLimit = 900e6

// The engine of DevTools, as the conformance test runs it.
const engineDir = "test/conformance/engine"

//go:embed parser.cjs
var parserProgram string

// installPeers puts the other engines into dir, unless they are there.
func installPeers(ctx context.Context, dir string, largest int64) ([]peer, error) {
	parser, engine := filepath.Join(dir, "v8-heap-parser"), filepath.Join(dir, "devtools")
	if err := installParser(ctx, parser); err != nil {
		return nil, fmt.Errorf("install %s: %w (-peers 0 leaves other engines out)", rustParser, err)
	}
	if err := installEngine(ctx, engine); err != nil {
		return nil, fmt.Errorf("install the DevTools engine: %w (-peers 0 leaves other engines out)", err)
	}
	tooLarge := func(size int64) string {
		if size > largest {
			return fmt.Sprintf("not tried past %.1f GB, see -peers", float64(largest)/1e9)
		}
		return ""
	}
	return []peer{
		{
			Name: "v8-heap-parser",
			load: func(ctx context.Context, file string) (usage, error) {
				_, u, err := execute(ctx, parser, "", "node", "--max-old-space-size=4000", "parser.cjs", file)
				return u, err
			},
			refuse: func(size int64) string {
				if size > parserLimit {
					return "its 4 GiB of WebAssembly memory are too little for this file"
				}
				return tooLarge(size)
			},
		},
		{
			Name: "DevTools",
			load: func(ctx context.Context, file string) (usage, error) {
				return loadEngine(ctx, engine, file)
			},
			refuse: tooLarge,
		},
	}, nil
}

func installParser(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "parser.cjs"), []byte(parserProgram), 0o644); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules/@vscode/v8-heap-parser")); err == nil {
		return nil
	}
	return command(ctx, dir, "npm", "install", "--no-audit", "--no-fund", "--loglevel=error", rustParser)
}

func installEngine(ctx context.Context, dir string) error {
	if _, err := os.Stat(engineDir); err != nil {
		return fmt.Errorf("run it from the root of the repository: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.CopyFS(dir, os.DirFS(engineDir)); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, "devtools.mjs")); err == nil {
		return nil
	}
	if err := command(ctx, dir, "npm", "install", "--no-audit", "--no-fund", "--loglevel=error"); err != nil {
		return err
	}
	return command(ctx, dir, "node", "bundle.mjs")
}

func command(ctx context.Context, dir, name string, args ...string) error {
	fmt.Fprintf(os.Stderr, "%s %s\n", name, strings.Join(args, " "))
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stderr, os.Stderr
	return cmd.Run()
}

func loadEngine(ctx context.Context, dir, file string) (usage, error) {
	ask := fmt.Sprintf("{\"ask\":\"load\",\"file\":%q,\"as\":\"s\"}\n{\"ask\":\"summary\",\"of\":\"s\"}\n", file)
	out, u, err := execute(ctx, dir, ask, "node", "--max-old-space-size=16000", "runner.mjs")
	if err != nil {
		return u, err
	}
	// It answers an error as such and ends well.
	var answer struct{ Error string }
	if err := json.NewDecoder(bytes.NewReader(out)).Decode(&answer); err != nil {
		return u, fmt.Errorf("read the engine's answer: %w", err)
	}
	if answer.Error != "" {
		return u, errors.New(answer.Error)
	}
	return u, nil
}
