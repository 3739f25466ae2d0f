// Package ecosystem reads the configuration files of PM2 as values:
// ecosystem.config.js, .cjs and .mjs, .json, .yaml and .yml, and the "pm2" member
// of a package.json.
//
// The fields, their other names, types and defaults are those of PM2 7
// (lib/API/schema.json, lib/Common.js, lib/tools/Config.js there). An [App] is
// what PM2 would make of its entry: environment merged, paths absolute, "max"
// instances counted. What PM2 refuses and everybody writes (300MB, 1.5G, 90s) is
// accepted too. What plumb does not act on is a [Warning], and what cannot be
// meant an [*Error]; both name file, app, field and, where it can be found, the
// line.
//
// JavaScript runs inside plumb, bounded in time and memory. It sees what such
// files use: require of path, os and relative files, process.env, __dirname.
// What needs more (ECMAScript modules, packages, other modules of Node.js) is run
// by the user's node.
//
// The package starts no app: the caller maps an App to one of package supervise.
package ecosystem

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Options are those of [Load].
type Options struct {
	Env    string    // merge env_<Env> over env
	Only   []string  // these apps; all when empty
	Dir    string    // relative paths begin here, as PM2 does it; "" is the working directory
	Output io.Writer // what the file prints with console.log; nil drops it

	limit time.Duration // for its JavaScript, 0 is timeLimit; shorter in tests
}

// File is a configuration file.
type File struct {
	Path     string // absolute
	Apps     []App  // one at least
	Warnings []Warning
}

// maxFile is the length of a configuration file in bytes. A parser that calls
// itself for each nested expression must not be fed more.
const maxFile = 256 << 10

// Load reads the file at path.
func Load(ctx context.Context, path string, opts Options) (*File, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, &Error{Position: Position{File: path}, Err: err, Hint: "the working directory is gone: enter another one"}
	}
	if opts.Dir, err = filepath.Abs(opts.Dir); err != nil {
		return nil, &Error{Position: Position{File: path}, Err: err, Hint: "the working directory is gone: enter another one"}
	}
	if opts.limit == 0 {
		opts.limit = timeLimit
	}
	text, err := readText(path)
	if err != nil {
		return nil, err
	}
	src, err := read(ctx, path, text, opts)
	if err != nil {
		return nil, err
	}
	d := &decoder{source: src, opts: opts, path: path}
	return d.file()
}

// read turns the text into values.
func read(ctx context.Context, path, text string, opts Options) (*source, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".json":
		return readJSON(path, text)
	case ".yaml", ".yml":
		return readYAML(path, text)
	case ".js", ".cjs", ".mjs":
		return runScript(ctx, path, text, opts)
	default:
		return nil, &Error{
			Position: Position{File: path}, Err: fmt.Errorf("no configuration file: its name ends in %q", filepath.Ext(path)),
			Hint: "the name of a configuration file ends in .js, .cjs, .mjs, .json, .yaml or .yml",
		}
	}
}

// Is tells whether a name is that of a configuration file and not of a program,
// as PM2 tells them apart.
func Is(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{".config.js", ".config.cjs", ".config.mjs", ".json", ".yaml", ".yml"}, func(end string) bool {
		return strings.HasSuffix(name, end)
	})
}

func readText(path string) (string, error) {
	fail := func(err error, hint string) (string, error) {
		return "", &Error{Position: Position{File: path}, Err: err, Hint: hint}
	}
	switch info, err := os.Stat(path); {
	case os.IsNotExist(err):
		return fail(fmt.Errorf("no such file"), "check the path; the usual name is ecosystem.config.js")
	case err != nil:
		return fail(cause(err), "check the owner and the mode of the file and its folders")
	case info.IsDir():
		return fail(fmt.Errorf("is a folder"), "name a file in it")
	case info.Mode().IsRegular() && info.Size() > maxFile:
		return fail(fmt.Errorf("%d bytes are too many for a configuration file", info.Size()), fmt.Sprintf("it may have %d", maxFile))
	}
	file, err := os.Open(path)
	if err != nil {
		return fail(cause(err), "check the owner and the mode of the file")
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	switch {
	case err != nil:
		return fail(cause(err), "check the disk")
	case len(text) > maxFile:
		return fail(fmt.Errorf("more than %d bytes are too many for a configuration file", maxFile), "is it the right file?")
	}
	return strings.TrimPrefix(string(text), "\ufeff"), nil
}
