package ecosystem

import (
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/dop251/goja"
)

// process is the part of Node.js' process that is the same here. Its version,
// for one, is not.
func (m *modules) process() map[string]any {
	env := m.vm.NewObject()
	for _, line := range os.Environ() {
		name, value, _ := strings.Cut(line, "=")
		_ = env.Set(name, value)
	}
	return map[string]any{
		"env":      env,
		"cwd":      func() string { return m.dir },
		"platform": platform(),
		"arch":     architecture(),
	}
}

func (m *modules) os() map[string]any {
	count := runtime.NumCPU()
	return map[string]any{
		"EOL":                  "\n",
		"platform":             platform,
		"arch":                 architecture,
		"hostname":             os.Hostname,
		"homedir":              os.UserHomeDir,
		"tmpdir":               func() string { return strings.TrimSuffix(os.TempDir(), "/") },
		"availableParallelism": func() int { return count },
		"cpus": func() goja.Value {
			cpus := make([]any, count)
			for i := range cpus {
				cpus[i] = m.vm.NewObject()
			}
			return m.vm.NewArray(cpus...)
		},
	}
}

func platform() string {
	if runtime.GOOS == "windows" {
		return "win32"
	}
	return runtime.GOOS
}

// architecture is what Node.js calls it.
func architecture() string {
	switch runtime.GOARCH {
	case "amd64":
		return "x64"
	case "386":
		return "ia32"
	default:
		return runtime.GOARCH
	}
}

// path is the module of that name for this system's paths. Windows has rules of
// its own, for which node is asked.
func (m *modules) path() map[string]any {
	if runtime.GOOS == "windows" {
		return nil
	}
	return map[string]any{
		"sep":        "/",
		"delimiter":  ":",
		"join":       func(parts ...string) string { return normalize(strings.Join(nonEmpty(parts), "/")) },
		"normalize":  normalize,
		"isAbsolute": path.IsAbs,
		"dirname":    dirname,
		"basename":   basename,
		"extname":    extname,
		"resolve":    m.resolve,
		"relative": func(from, to string) (string, error) {
			rel, err := filepath.Rel(m.resolve(from), m.resolve(to))
			if rel == "." {
				rel = ""
			}
			return rel, err
		},
	}
}

func nonEmpty(parts []string) []string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return kept
}

// normalize keeps a slash at the end, which Go's Clean cuts.
func normalize(p string) string {
	clean := path.Clean(p)
	if strings.HasSuffix(p, "/") && clean != "/" {
		clean += "/"
	}
	return clean
}

func dirname(p string) string {
	trimmed := strings.TrimRight(p, "/")
	if trimmed == "" && p != "" {
		return "/"
	}
	i := strings.LastIndexByte(trimmed, '/')
	switch {
	case i < 0:
		return "."
	case strings.TrimRight(trimmed[:i], "/") == "":
		return "/"
	default:
		return strings.TrimRight(trimmed[:i], "/")
	}
}

func basename(p string, end ...string) string {
	p = strings.TrimRight(p, "/")
	base := p[strings.LastIndexByte(p, '/')+1:]
	if len(end) > 0 && base != end[0] {
		base = strings.TrimSuffix(base, end[0])
	}
	return base
}

func extname(p string) string {
	base := basename(p)
	if i := strings.LastIndexByte(base, '.'); i > 0 && strings.Trim(base, ".") != "" {
		return base[i:]
	}
	return ""
}

func (m *modules) resolve(parts ...string) string {
	p := ""
	for i := len(parts) - 1; i >= 0 && !path.IsAbs(p); i-- {
		if parts[i] != "" {
			p = parts[i] + "/" + p
		}
	}
	if !path.IsAbs(p) {
		p = m.dir + "/" + p
	}
	return path.Clean(p)
}
