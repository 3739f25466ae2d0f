package node

import (
	"context"
	"strings"

	"github.com/plumb-dev/plumb/internal/inspector"
)

// Info says what a process is. Fields that could not be found out are empty.
type Info struct {
	PID         int      `json:"pid"`         // as this machine calls it
	Runtime     string   `json:"runtime"`     // node, deno, bun, electron, chrome
	NodeVersion string   `json:"nodeVersion"` // "v20.20.2"; of Deno its own version
	V8Version   string   `json:"v8Version"`
	ExecPath    string   `json:"execPath"`
	CommandLine []string `json:"commandLine"` // without what we added to it
	Script      string   `json:"script"`      // absolute path
	Dir         string   `json:"dir"`         // working directory
}

// loading tells whether the runtime loads a module of its own right now: we come
// in between, and what we ask for would find it half there.
const loading = `(() => {
  const { stackTraceLimit } = Error, prepare = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  try {
    Error.stackTraceLimit = Infinity;
    Error.prepareStackTrace = (_, frames) => frames.some((f) => String(f.getFileName()).startsWith('node:internal/bootstrap/'));
    return new Error().stack === true;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    delete Error.prepareStackTrace;
    if (prepare) Object.defineProperty(Error, 'prepareStackTrace', prepare);
  }
})()`

// Deno is asked by its own names: its process is made late, and stays as it was
// when it was first looked at. What needs a permission is not asked for.
const infoExpression = `(() => {
  const d = globalThis.Deno;
  if (d) return d.pid && d.version ? { pid: d.pid, runtime: 'deno', nodeVersion: 'v' + d.version.deno, v8Version: d.version.v8 } : null;
  const p = globalThis.process;
  if (globalThis.document || globalThis.WorkerGlobalScope) return { runtime: 'chrome' };
  if (!p || !p.versions || !p.pid || !p.argv || !p.argv[0] || ` + loading + `) return null;
  const runtime = p.versions.electron ? 'electron' : p.versions.bun ? 'bun' : 'node';
  let dir = '';
  try { dir = p.cwd(); } catch {}
  return {
    pid: p.pid, runtime, nodeVersion: p.version, v8Version: p.versions.v8, execPath: p.execPath, dir,
    commandLine: [p.argv0 || p.execPath, ...(p.execArgv || []), ...p.argv.slice(1)], script: p.argv[1] || '',
  };
})()`

// askInfo asks the program itself. The inspector is there before the runtime has
// set itself up: as long as it has no arguments yet, or loads itself, we ask again. A page is no
// process, only V8 answers there; Electron's has both, and is taken for a page.
func askInfo(ctx context.Context, session *inspector.Session) (Info, error) {
	for {
		var info *Info
		if err := session.Evaluate(ctx, infoExpression, &info); err != nil {
			return Info{}, err
		}
		if info != nil {
			info.CommandLine = withoutOurFlags(info.CommandLine)
			return *info, nil
		}
		if !pause(ctx) {
			return Info{}, ctx.Err()
		}
	}
}

// complete fills in what the program did not tell from its command line.
func (i *Info) complete(args []string, dir string) {
	if len(i.CommandLine) == 0 {
		i.CommandLine = args
		i.Dir = dir
		i.Script = scriptOf(args, dir)
	}
}

// Label is a short name for the process: its script, or its runtime.
func (i Info) Label() string {
	if i.Script == "" {
		return i.Runtime
	}
	return i.Script[strings.LastIndexAny(i.Script, `/\`)+1:]
}
