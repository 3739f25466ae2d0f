package node

import (
	"context"
	"strings"

	"github.com/plumb-dev/plumb/internal/inspector"
)

// Info says what a process is. Fields that could not be found out are empty.
type Info struct {
	PID         int      `json:"pid"`
	Runtime     string   `json:"runtime"`     // node, deno, bun, electron, chrome
	NodeVersion string   `json:"nodeVersion"` // "v20.20.2"; what the runtime claims to be compatible with
	V8Version   string   `json:"v8Version"`
	ExecPath    string   `json:"execPath"`
	CommandLine []string `json:"commandLine"` // without what we added to it
	Script      string   `json:"script"`      // absolute path
	Dir         string   `json:"dir"`         // working directory
}

const infoExpression = `(() => {
  const p = globalThis.process;
  if (!p || !p.versions) return { runtime: 'chrome' };
  if (!p.argv) return null;
  const runtime = p.versions.electron ? 'electron' : p.versions.bun ? 'bun' : p.versions.deno ? 'deno' : 'node';
  let dir = '';
  try { dir = p.cwd(); } catch {}
  return {
    pid: p.pid, runtime, nodeVersion: p.version, v8Version: p.versions.v8, execPath: p.execPath, dir,
    commandLine: [p.argv0 || p.execPath, ...(p.execArgv || []), ...p.argv.slice(1)], script: p.argv[1] || '',
  };
})()`

// askInfo asks the program itself. The inspector is there before Node.js has
// set itself up: as long as it has no arguments yet, we ask again. A page is no
// process: only V8 answers.
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

// Label is a short name for the process: its script, or its runtime.
func (i Info) Label() string {
	if i.Script == "" {
		return i.Runtime
	}
	return i.Script[strings.LastIndexAny(i.Script, `/\`)+1:]
}
