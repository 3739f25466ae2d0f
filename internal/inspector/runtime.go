package inspector

import (
	"context"
	"encoding/json"
	"strings"
	"sync/atomic"
)

// RemoteObject is a value of the target, or a reference to one.
type RemoteObject struct {
	Type                string          `json:"type"`
	Subtype             string          `json:"subtype"`
	Value               json.RawMessage `json:"value"`
	UnserializableValue string          `json:"unserializableValue"`
	Description         string          `json:"description"`
	ObjectID            string          `json:"objectId"`
}

type exceptionDetails struct {
	Text      string        `json:"text"`
	Exception *RemoteObject `json:"exception"`
}

type evaluated struct {
	Result    RemoteObject      `json:"result"`
	Exception *exceptionDetails `json:"exceptionDetails"`
}

func (e *evaluated) err() error {
	switch {
	case e.Exception == nil:
		return nil
	case e.Exception.Exception != nil && e.Exception.Exception.Description != "":
		message, _, _ := strings.Cut(e.Exception.Exception.Description, "\n    at ") // the stack is ours
		return &ExceptionError{message}
	default:
		return &ExceptionError{e.Exception.Text}
	}
}

// Evaluation is an expression to evaluate, in the global scope.
//
// V8 evaluates at once, in the middle of what the program does just then: between
// any two calls, in Node.js' own queues too. A tick (process.nextTick) that is added
// where Node.js is about to leave the queue of ticks is never run, nor any that the
// program adds after it. Only what reads may come at such a moment. What starts or
// ends anything (timers, ticks, I/O, subscriptions), or loads a module, is to be a
// Microtask.
type Evaluation struct {
	Expression   string
	AwaitPromise bool // only for what certainly is a promise
	ByReference  bool // the result stays in the target
	// Microtask evaluates it when the code that runs now is through. A program whose
	// event loop is blocked answers when it no longer is. A promise is awaited.
	Microtask bool
}

// source is the expression as V8 gets it. The command line's require is there only
// while that is evaluated: what runs later finds it as an argument.
func (e Evaluation) source() string {
	source := e.Expression
	if e.Microtask {
		source = "(async () => { await undefined; return (" + source + "); })()"
	}
	if e.requires() {
		source = "((require) => (" + source + "))(typeof require === 'function' ? require : undefined)"
	}
	return source
}

func (e Evaluation) requires() bool { return strings.Contains(e.Expression, "require(") }

// EvaluateRemote evaluates e and returns its value or a reference to it.
// require is available in e, also in an ES module. An exception is an
// [*ExceptionError].
func (s *Session) EvaluateRemote(ctx context.Context, e Evaluation) (*RemoteObject, error) {
	params := map[string]any{
		"expression":    e.source(),
		"returnByValue": !e.ByReference,
		"awaitPromise":  e.AwaitPromise || e.Microtask,
		// Only where it is needed: Node.js 20 crashes in it at the program's end.
		"includeCommandLineAPI": e.requires(),
		"silent":                true, // an exception of ours is nobody's breakpoint
	}
	var answer evaluated
	if err := s.Call(ctx, "Runtime.evaluate", params, &answer); err != nil {
		return nil, err
	}
	return &answer.Result, answer.err()
}

// Evaluate evaluates an expression that only reads and decodes its value, which must
// be JSON, into out unless that is nil. undefined leaves out as it is.
func (s *Session) Evaluate(ctx context.Context, expression string, out any) error {
	result, err := s.EvaluateRemote(ctx, Evaluation{Expression: expression})
	if err != nil || out == nil || len(result.Value) == 0 {
		return err
	}
	return json.Unmarshal(result.Value, out)
}

// CallFunctionOn calls a function, given as source text, with a remote object
// as its this, and decodes its value, which must be JSON, into out unless that is
// nil.
func (s *Session) CallFunctionOn(ctx context.Context, objectID, function string, out any) error {
	return s.callFunctionOn(ctx, objectID, function, false, out)
}

// AwaitFunctionOn is CallFunctionOn for a function that returns a promise.
func (s *Session) AwaitFunctionOn(ctx context.Context, objectID, function string, out any) error {
	return s.callFunctionOn(ctx, objectID, function, true, out)
}

func (s *Session) callFunctionOn(ctx context.Context, objectID, function string, await bool, out any) error {
	var answer evaluated
	params := map[string]any{
		"objectId": objectID, "functionDeclaration": function, "awaitPromise": await,
		"silent": true, "returnByValue": true,
	}
	err := s.Call(ctx, "Runtime.callFunctionOn", params, &answer)
	if err == nil {
		err = answer.err()
	}
	if err != nil || out == nil || len(answer.Result.Value) == 0 {
		return err
	}
	return json.Unmarshal(answer.Result.Value, out)
}

// ReleaseObject drops a remote object: as long as it is named by an id, it lives.
func (s *Session) ReleaseObject(ctx context.Context, objectID string) error {
	return s.Call(ctx, "Runtime.releaseObject", map[string]any{"objectId": objectID}, nil)
}

// RunIfWaitingForDebugger lets a target go on that was started to wait for one.
func (s *Session) RunIfWaitingForDebugger(ctx context.Context) error {
	return s.Call(ctx, "Runtime.runIfWaitingForDebugger", nil, nil)
}

// HeapUsage is the size of the JavaScript heap in bytes. It is there in pages
// too, which have no process.memoryUsage. Backing stores and what the embedder
// holds are 0 in versions that do not tell.
type HeapUsage struct {
	Used           float64 `json:"usedSize"`
	Total          float64 `json:"totalSize"`
	Embedder       float64 `json:"embedderHeapUsedSize"`
	BackingStorage float64 `json:"backingStorageSize"`
}

// HeapUsage asks for the size of the heap.
func (s *Session) HeapUsage(ctx context.Context) (HeapUsage, error) {
	var usage HeapUsage
	err := s.Call(ctx, "Runtime.getHeapUsage", nil, &usage)
	return usage, err
}

// HasContext tells whether there is still something that evaluates. A program
// at its end takes connections for a moment longer, and Node.js crashes when it
// is asked to evaluate then.
func (s *Session) HasContext(ctx context.Context) (bool, error) {
	var contexts atomic.Int32
	stop := s.On("Runtime.executionContextCreated", func(json.RawMessage) { contexts.Add(1) })
	defer stop()
	// The contexts are announced before the answer. As long as the domain is
	// enabled, V8 keeps what the program logs.
	if err := s.Call(ctx, "Runtime.enable", nil, nil); err != nil {
		return false, err
	}
	return contexts.Load() > 0, s.Call(ctx, "Runtime.disable", nil, nil)
}

// OnWaitingForDisconnect has handle called when the program has ended but for
// the debugger, whose leaving it waits for.
func (s *Session) OnWaitingForDisconnect(ctx context.Context, handle func()) error {
	s.On("NodeRuntime.waitingForDisconnect", func(json.RawMessage) { handle() })
	err := s.Call(ctx, "NodeRuntime.notifyWhenWaitingForDisconnect", map[string]any{"enabled": true}, nil)
	if NotSupported(err) {
		return nil
	}
	return err
}
