package record

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/plumb-dev/plumb/internal/inspector"
	"github.com/plumb-dev/plumb/internal/lab"
)

//go:embed agent.js
var agentSource string

// recorder is one recording under way.
type recorder struct {
	program *program
	files   *files
	opts    Options
	trace   *lab.Trace

	agent string // the agent's object id
	stops chan pause
	atEnd chan struct{}

	mu     sync.Mutex
	parsed []inspector.Script // that have no breakpoints yet

	workers atomic.Int32 // threads, which are not recorded

	objects map[int]known // all that were ever seen and are not known to be gone
}

// known is an object of an earlier step.
type known struct {
	object lab.Object
	heapID uint64
	held   []string // what led to it when it was last in sight
}

// pause is the event Debugger.paused.
type pause struct {
	Reason     string      `json:"reason"`
	CallFrames []callFrame `json:"callFrames"`
}

type callFrame struct {
	ID           string   `json:"callFrameId"`
	FunctionName string   `json:"functionName"`
	Location     location `json:"location"`
	ScopeChain   []scope  `json:"scopeChain"`
}

type location struct {
	ScriptID string `json:"scriptId"`
	Line     int    `json:"lineNumber"`
	Column   int    `json:"columnNumber"`
	Type     string `json:"type,omitempty"`
}

type scope struct {
	Type   string                 `json:"type"`
	Object inspector.RemoteObject `json:"object"`
}

// errNoLine is a program that ended before its first line: it does not parse.
var errNoLine = errors.New("the program ended before its first line")

// prepare listens, places the agent and has the program begin.
func (r *recorder) prepare(ctx context.Context) error {
	c := r.program.client
	r.stops, r.atEnd = make(chan pause, 1), make(chan struct{})
	c.On("Debugger.scriptParsed", func(params json.RawMessage) {
		var script inspector.Script
		if json.Unmarshal(params, &script) == nil && r.files.own(script.URL) {
			r.mu.Lock()
			r.parsed = append(r.parsed, script)
			r.mu.Unlock()
		}
	})
	c.On("Debugger.paused", func(params json.RawMessage) {
		var stop pause
		if json.Unmarshal(params, &stop) == nil {
			r.stops <- stop
		}
	})
	c.On("NodeWorker.attachedToWorker", r.pass)
	if err := c.OnWaitingForDisconnect(ctx, func() { close(r.atEnd) }); err != nil {
		return err
	}
	for _, call := range []struct {
		method string
		params any
	}{
		{"NodeWorker.enable", map[string]any{"waitForDebuggerOnStart": false}},
		{"Debugger.enable", nil},
		{"Debugger.setInstrumentationBreakpoint", map[string]any{"instrumentation": "beforeScriptExecution"}},
		{"Runtime.runIfWaitingForDebugger", nil},
	} {
		if err := c.Call(ctx, call.method, call.params, nil); err != nil {
			return err
		}
	}
	var first pause
	select {
	case first = <-r.stops:
	case <-r.atEnd:
		return errNoLine
	case <-c.Done():
		return c.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
	agent, err := c.EvaluateRemote(ctx, inspector.Evaluation{
		Expression: agentSource + "(require('util'), require('module'), " + lab.CollectionsSource + "(require('v8')))", ByReference: true,
	})
	if err != nil {
		return fmt.Errorf("place the agent: %w", err)
	}
	r.agent = agent.ObjectID
	if err := c.Evaluate(ctx, "process.version", &r.trace.Node); err != nil {
		return err
	}
	r.stops <- first
	return nil
}

// pass lets a worker thread go on, which waits for a debugger as its process did. It
// is not recorded.
func (r *recorder) pass(params json.RawMessage) {
	var worker struct {
		SessionID string `json:"sessionId"`
	}
	if json.Unmarshal(params, &worker) != nil {
		return
	}
	r.workers.Add(1)
	_ = r.program.client.Send("NodeWorker.sendMessageToWorker", map[string]any{
		"sessionId": worker.SessionID, "message": `{"id":1,"method":"Runtime.runIfWaitingForDebugger"}`,
	})
}

// breakpoints stops the program on each line and statement of the scripts that
// came up since the last call.
func (r *recorder) breakpoints(ctx context.Context) error {
	r.mu.Lock()
	scripts := r.parsed
	r.parsed = nil
	r.mu.Unlock()
	for _, script := range scripts {
		if err := r.files.add(ctx, r.program.client, script); err != nil {
			return err
		}
		var possible struct {
			Locations []location `json:"locations"`
		}
		begin, end := r.files.span(script.ScriptID)
		err := r.program.client.Call(ctx, "Debugger.getPossibleBreakpoints", map[string]any{"start": begin, "end": end}, &possible)
		if err != nil {
			return err
		}
		last := [2]int{-1, -1}
		for _, at := range possible.Locations {
			file, line, _ := r.files.place(at)
			// A call or a return within a line is no stop of its own; a statement or the body of
			// a function on the same line is.
			if here := [2]int{file, line}; here == last && (at.Type == "call" || at.Type == "return") {
				continue
			}
			last = [2]int{file, line}
			err := r.program.client.Call(ctx, "Debugger.setBreakpoint", map[string]any{
				"location": location{ScriptID: at.ScriptID, Line: at.Line, Column: at.Column},
			}, nil)
			var refused *inspector.ProtocolError
			if err != nil && !errors.As(err, &refused) { // a second one at the same place is refused
				return err
			}
		}
	}
	return nil
}
