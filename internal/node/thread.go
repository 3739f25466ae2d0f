package node

import (
	"context"
	"strings"

	"github.com/plumb-dev/plumb/internal/inspector"
)

// Thread is one V8 isolate of a process: its main thread or a worker.
type Thread struct {
	ID      string // of a worker: its threadId; "" for the main thread
	Title   string // of a worker
	URL     string // of a worker: its script
	process *Process
	session *inspector.Session
}

// Evaluate evaluates an expression in the thread and decodes its value, which
// must be JSON, into out unless that is nil.
func (t *Thread) Evaluate(ctx context.Context, expression string, out any) error {
	return explain(t.op("evaluate in"), t.session.Evaluate(ctx, expression, out))
}

// op names an operation on the thread for an error.
func (t *Thread) op(verb string) string {
	op := verb + " " + t.process.name()
	if t.ID != "" {
		op += ", worker " + t.ID
	}
	return op
}

// Script is a piece of source text that V8 has compiled.
type Script struct {
	ID           string `json:"id"`
	URL          string `json:"url"` // a path for CommonJS, file:// for ES modules
	SourceMapURL string `json:"sourceMapURL,omitempty"`
}

// Scripts lists the program's scripts, without those of Node.js itself.
func (t *Thread) Scripts(ctx context.Context) ([]Script, error) {
	parsed, err := t.session.Scripts(ctx)
	if err != nil {
		return nil, explain(t.op("list scripts of"), err)
	}
	scripts := []Script{}
	for _, s := range parsed {
		if s.URL != "" && !strings.HasPrefix(s.URL, "node:") && !strings.HasPrefix(s.URL, "evalmachine.") {
			scripts = append(scripts, Script{s.ScriptID, s.URL, s.SourceMapURL})
		}
	}
	return scripts, nil
}

// Workers lists the worker threads that run now, by id.
func (p *Process) Workers(ctx context.Context) ([]*Thread, error) {
	workers, err := p.client.Workers(ctx)
	if err != nil {
		return nil, explain(p.op("list workers of"), err)
	}
	var threads []*Thread
	for _, w := range workers {
		threads = append(threads, &Thread{ID: w.ID, Title: w.Title, URL: w.URL, process: p, session: w.Session})
	}
	return threads, nil
}
