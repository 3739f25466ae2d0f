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

// Evaluate evaluates an expression that only reads in the thread and decodes its
// value, which must be JSON, into out unless that is nil. It comes in the middle of
// what the thread does, also when its event loop is blocked.
func (t *Thread) Evaluate(ctx context.Context, expression string, out any) error {
	return explain(t.op("evaluate in"), t.session.Evaluate(ctx, expression, out))
}

// Run evaluates an expression that starts or ends something, when what the thread
// does now is through ([inspector.Evaluation]). Its value has to be JSON, or undefined.
func (t *Thread) Run(ctx context.Context, expression string) error {
	_, err := t.session.EvaluateRemote(ctx, inspector.Evaluation{Expression: expression, Microtask: true})
	return explain(t.op("evaluate in"), err)
}

// later is JavaScript: it runs a function as a microtask, as [Thread.Run] does, where
// nobody waits for it. What the function throws is nobody's: a rejected promise would
// end the program.
const later = `((f) => void (async () => { await undefined; try { f(); } catch {} })())`

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
