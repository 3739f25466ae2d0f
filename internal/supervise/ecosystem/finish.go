package ecosystem

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// unset marks instances before the file has said how many.
const unset = -1 << 20

// finish resolves what depends on the machine: folders, the script, how to run
// it, and how many instances.
func (d *decoder) finish(index int, a *App) error {
	fields := d.list[index].(map[string]any)
	if err := d.rename(a, fields); err != nil {
		return err
	}
	if err := d.setPort(a, fields); err != nil {
		return err
	}
	if err := d.findScript(a); err != nil {
		return err
	}
	counted := a.Instances != unset
	if fields["exec_mode"] == nil && fields["execMode"] == nil {
		a.Cluster = counted && a.isNode()
	}
	a.Instances = instances(a.Instances)
	if fields["merge_logs"] == nil && !counted && !a.Cluster {
		a.Logs.Merge = true
	}
	for i := range a.Watch {
		a.Watch[i] = a.inDir(a.Watch[i])
	}
	a.Logs.resolve(a)
	return nil
}

// instances counts: PM2 takes 0 ("max") for one on each processor, and what is
// below for so many less, but one at least.
func instances(n int) int {
	switch {
	case n == unset:
		return 1
	case n <= 0:
		return max(1, n+runtime.NumCPU())
	default:
		return n
	}
}

// rename appends the environment's name when that is asked for.
func (d *decoder) rename(a *App, fields map[string]any) error {
	name := d.used(fields, "append_env_to_name")
	on, err := asFlag(or(fields[name], false))
	if err != nil {
		return a.Wrong("append_env_to_name", err, fieldHint(name))
	}
	if on && d.opts.Env != "" {
		a.Name += "-" + d.opts.Env
	}
	return nil
}

// setPort is PM2's shortcut for the variable PORT, over the one of env.
func (d *decoder) setPort(a *App, fields map[string]any) error {
	v := fields["port"]
	if v == nil {
		return nil
	}
	port, err := asCount(v)
	if err != nil {
		return a.Wrong("port", err, "as port: 3000")
	}
	a.Env["PORT"] = environment(float64(port))
	return nil
}

func or(v, other any) any {
	if v == nil {
		return other
	}
	return v
}

// findScript finds the app's folder and its script. PM2 begins at the working
// directory; a script that is not there, but beside the file, is meant.
func (d *decoder) findScript(a *App) error {
	script := a.Script
	if strings.TrimSpace(script) == "" {
		return a.Wrong("script", errors.New("there is no script"), `as script: "app.js"`)
	}
	dir := a.Dir
	for _, base := range []string{d.opts.Dir, filepath.Dir(d.path)} {
		a.Dir = join(base, home(dir))
		if info, err := os.Stat(a.Dir); err != nil || !info.IsDir() {
			continue
		}
		path := a.inDir(script)
		info, err := os.Stat(path)
		switch {
		case err == nil && info.IsDir():
			return a.Wrong("script", fmt.Errorf("%s is a folder", path), "name the file in it that starts the app")
		case err == nil:
			a.Script = path
			if base != d.opts.Dir {
				d.warnings = append(d.warnings, a.Unsupported("script", "is not in the working directory: the one beside the file is taken"))
			}
			a.Command = a.commandFor(path)
			return nil
		}
	}
	a.Dir = join(d.opts.Dir, home(dir))
	switch info, err := os.Stat(a.Dir); {
	case err != nil:
		return a.Wrong("cwd", fmt.Errorf("%s: %w", a.Dir, cause(err)), "create the folder, or correct cwd")
	case !info.IsDir():
		return a.Wrong("cwd", fmt.Errorf("%s is no folder", a.Dir), "cwd is the folder that the app runs in")
	}
	return d.findCommand(a)
}

// findCommand takes a script that is no file for a command on the PATH, or for a
// shell's line.
func (d *decoder) findCommand(a *App) error {
	if strings.ContainsAny(a.Script, " \t") {
		a.Command = []string{"sh", "-c", a.Script}
		if bash, err := exec.LookPath("bash"); err == nil {
			a.Command[0] = bash
		}
		a.Interpreter = ""
		return nil
	}
	if !strings.ContainsRune(a.Script, filepath.Separator) {
		if path, err := exec.LookPath(a.Script); err == nil {
			a.Command = append([]string{path}, a.Args...)
			a.Interpreter = ""
			return nil
		}
	}
	return a.Wrong("script", fmt.Errorf("%s is not there", a.inDir(a.Script)), "check the path; it begins at cwd, or else at the working directory")
}

// commandFor says how to run a script: by the interpreter that the file names, or
// that the ending has, or by itself.
func (a *App) commandFor(path string) []string {
	switch {
	case a.Interpreter == "none":
		a.Interpreter = ""
	case a.Interpreter == "":
		a.Interpreter = interpreterOf(path)
	}
	if a.Interpreter == "" {
		return append([]string{path}, a.Args...)
	}
	command := append([]string{a.Interpreter}, a.NodeArgs...)
	return append(append(command, path), a.Args...)
}

// interpreterOf follows PM2's table (lib/API/interpreter.json), with node for
// TypeScript. What has another ending is executed itself when it can be: a binary
// or a text that names its interpreter.
func interpreterOf(path string) string {
	switch filepath.Ext(path) {
	case ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts":
		return "node"
	case ".sh":
		return "bash"
	case ".py":
		if _, err := exec.LookPath("python"); err == nil {
			return "python"
		}
		return "python3"
	case ".rb":
		return "ruby"
	case ".php":
		return "php"
	case ".pl":
		return "perl"
	}
	file, err := os.Open(path)
	if err != nil {
		return "node"
	}
	defer file.Close()
	head := make([]byte, 512)
	n, _ := io.ReadFull(file, head)
	if head = head[:n]; bytes.HasPrefix(head, []byte("#!")) || bytes.IndexByte(head, 0) >= 0 {
		return ""
	}
	return "node"
}

// isNode tells whether the interpreter is one whose instances can share a port.
func (a *App) isNode() bool {
	base := filepath.Base(a.Interpreter)
	return strings.HasSuffix(base, "node") || strings.HasSuffix(base, "bun")
}

func (a *App) inDir(path string) string { return join(a.Dir, home(path)) }

func join(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

// home resolves a "~" at the beginning.
func home(path string) string {
	if path != "~" && !strings.HasPrefix(path, "~/") {
		return path
	}
	dir, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	return filepath.Join(dir, path[1:])
}

func nameOf(script string) string {
	base := filepath.Base(script)
	if dot := strings.LastIndexByte(base, '.'); dot > 0 {
		base = base[:dot]
	}
	return base
}

func (l *Logs) resolve(a *App) {
	for _, file := range []struct {
		path *string
		off  *bool
	}{{&l.Out, &l.OutOff}, {&l.Err, &l.ErrOff}} {
		switch {
		case *file.path == "NULL" || *file.path == os.DevNull:
			*file.path, *file.off = "", true
		case *file.path != "":
			*file.path = a.inDir(*file.path)
		}
	}
	if l.Both == "NULL" || l.Both == os.DevNull {
		l.Both, l.BothOn = "", false
	} else if l.Both != "" {
		l.Both = a.inDir(l.Both)
	}
}
