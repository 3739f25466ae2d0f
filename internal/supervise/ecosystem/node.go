package ecosystem

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var errNoNode = errors.New("node is not on the PATH")

// load is what node runs: it imports the file, which may be of either kind of
// module, and writes what it exports as the last thing on its standard output,
// after a character that JSON never contains. What the file prints goes to the
// standard error.
const load = `
import { pathToFileURL } from 'node:url';
import { writeSync } from 'node:fs';
for (const name of ['log', 'info', 'debug']) console[name] = console.error;
const file = process.argv[1];
const module = await import(pathToFileURL(file));
const value = module.default ?? { ...module };
const plain = (_, v) => typeof v === 'function' ? '\u001ffunction' : typeof v === 'bigint' ? String(v) : v;
const json = Buffer.from('\x1e' + (JSON.stringify(value, plain) ?? 'null'));
for (let at = 0; at < json.length;) {
  try { at += writeSync(1, json, at); } catch (e) { if (e.code !== 'EAGAIN') throw e; }
}
process.exit(0);
`

// runNode has the user's node run the file.
func runNode(ctx context.Context, path string, opts Options) (any, error) {
	bin, err := exec.LookPath("node")
	if err != nil {
		return nil, errNoNode
	}
	limited, cancel := context.WithTimeout(ctx, opts.limit)
	defer cancel()
	cmd := exec.CommandContext(limited, bin, "--input-type=module", "--eval", load, "--", path)
	cmd.Dir = opts.Dir
	cmd.WaitDelay = time.Second
	out, said := &bounded{most: maxText, full: cancel}, &bounded{most: maxText, full: cancel}
	cmd.Stdout, cmd.Stderr = out, said
	err = cmd.Run()
	wrong := &Error{Position: Position{File: path}, Hint: "run the file with node to see more"}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case out.over || said.over:
		wrong.Err, wrong.Hint = fmt.Errorf("it makes more than %d bytes", maxText), "what does it print or export?"
		return nil, wrong
	case limited.Err() != nil:
		wrong.Err, wrong.Hint = fmt.Errorf("%w: it was stopped after %s", errTime, opts.limit), "look for a loop or an await that does not end"
		return nil, wrong
	case err != nil:
		explainNode(wrong, said.text.String(), err)
		return nil, wrong
	}
	if opts.Output != nil {
		_, _ = opts.Output.Write(said.text.Bytes()) // a remark of the file, no result
	}
	_, text, ok := strings.Cut(out.text.String(), "\x1e")
	var value any
	if !ok || json.Unmarshal([]byte(text[strings.LastIndexByte(text, '\x1e')+1:]), &value) != nil {
		wrong.Err = errors.New("it ended node before its exports were there")
		wrong.Hint = "look for process.exit in it"
		return nil, wrong
	}
	var b budget
	if value, err = b.unfunction(value, 0); err != nil {
		wrong.Err = err
		return nil, wrong
	}
	return value, nil
}

// unfunction puts functions back, which JSON does not have.
func (b *budget) unfunction(v any, depth int) (any, error) {
	text, _ := v.(string)
	err := b.spend(depth, len(text))
	switch v := v.(type) {
	case string:
		if v == "\x1ffunction" {
			return function{}, err
		}
	case []any:
		for i := range v {
			if v[i], err = b.unfunction(v[i], depth+1); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for name := range v {
			if v[name], err = b.unfunction(v[name], depth+1); err != nil {
				return nil, err
			}
		}
	}
	return v, err
}

var (
	nodeThrew = regexp.MustCompile(`(?m)^(?:Uncaught )?((?:[A-Za-z]*Error)(?: \[\w+\])?): (.*)$`)
	nodeCaret = regexp.MustCompile(`(?m)^(\s*)\^+$`)
	nodePlace = regexp.MustCompile(`(?m)(?:file://)?(/[^\s:()]+):(\d+)(?::(\d+))?`)
)

// explainNode takes kind and place of an error out of what node printed:
//
//	file:///srv/app/ecosystem.config.mjs:3
//	  apps: [{ name: 'api' script: 'app.js' }],
//	                       ^^^^^^
//
//	SyntaxError: Unexpected identifier 'script'
//	    at compileSourceTextModule (node:internal/modules/esm/utils:346:16)
func explainNode(wrong *Error, said string, err error) {
	threw := nodeThrew.FindStringSubmatch(said)
	if threw == nil {
		wrong.Err = err
		if said = oneLine(said); said != "" {
			wrong.Err = fmt.Errorf("node: %s (%w)", said, err)
		}
		return
	}
	wrong.Err = errors.New(oneLine(threw[1] + ": " + threw[2]))
	if threw[1] == "SyntaxError" {
		wrong.Err, wrong.Hint = fmt.Errorf("%w: %s", errSyntax, lowerFirst(oneLine(threw[2]))), syntaxHint
	}
	if strings.Contains(threw[1], "ERR_MODULE_NOT_FOUND") || strings.HasPrefix(threw[2], "Cannot find") {
		wrong.Hint = "install what it requires beside it (npm install), or check the path"
	}
	for _, place := range nodePlace.FindAllStringSubmatch(said, -1) {
		if strings.Contains(place[1], "/node_modules/") || filepath.Base(place[1]) == "[eval1]" {
			continue
		}
		wrong.File = place[1]
		wrong.Line, _ = strconv.Atoi(place[2])
		wrong.Column, _ = strconv.Atoi(place[3])
		if caret := nodeCaret.FindStringSubmatch(said); caret != nil && wrong.Column == 0 {
			wrong.Column = len(caret[1]) + 1
		}
		return
	}
}

// bounded keeps what is written to it, and ends the writer when it is too much.
type bounded struct {
	text bytes.Buffer
	most int
	full func()
	over bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.text.Len()+len(p) > b.most {
		b.over = true
		b.full()
		return len(p), nil
	}
	return b.text.Write(p)
}
