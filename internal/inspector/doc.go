// Package inspector speaks the V8 inspector protocol (also called the Chrome
// DevTools protocol) to one program: dial, call, events.
//
// # The protocol
//
// Messages are JSON objects, one per WebSocket text message. We send commands:
//
//	{"id":7,"method":"Runtime.evaluate","params":{"expression":"1+1"}}
//
// and get, in any order, one response for each, and events that nobody asked
// for one by one:
//
//	{"id":7,"result":{"result":{"type":"number","value":2}}}
//	{"id":7,"error":{"code":-32601,"message":"'X.y' wasn't found"}}
//	{"method":"HeapProfiler.addHeapSnapshotChunk","params":{"chunk":"..."}}
//
// # Terms
//
//   - A target is what can be inspected: a Node.js process, a page. The program's
//     HTTP endpoint /json/list lists targets with the WebSocket URL of each; the
//     URL ends in a random UUID.
//   - A domain is a family of commands: Runtime, HeapProfiler, Debugger,
//     NodeWorker. Most must be enabled before they send events.
//   - A session is one conversation with one isolate (a heap with its thread).
//     The connection itself is the session of the main thread. A session of a
//     worker thread has no connection of its own: its messages travel as strings
//     inside NodeWorker.sendMessageToWorker and NodeWorker.receivedMessageFromWorker.
//   - A remote object is a value that stays in the target and is named by an
//     object id; it lives until it is released or the session ends.
//
// # Surprises
//
//   - Commands run on the target's own thread. The socket is served by another
//     thread, so connecting works while the event loop is blocked, and then every
//     answer takes as long as the loop is blocked. Hence the deadline on every call.
//   - A heap snapshot comes as events, and only then as the response. Until the
//     first chunk, most of the time, nothing arrives at all: silence is no sign
//     of death.
//   - A chunk is JSON inside JSON. Undoing the escapes with encoding/json is half
//     of the client's time, so it is done by hand here (unescape.go).
//   - Node writes many small messages and waits for the acknowledgement of each
//     (Nagle's algorithm against delayed ACK: 40 ms each). On Linux we ask for
//     immediate acknowledgements after each read (quickack_linux.go).
//   - A Node.js process that has nothing left to do does not exit as long as a
//     debugger is connected: it waits for the debugger to leave. It says so with
//     NodeRuntime.waitingForDisconnect, once that is asked for. Until we leave,
//     samples and the heap's usage can be asked for. A collection is never
//     answered then, nor a snapshot from Node.js 22 on; an evaluation throws
//     "illegal access", or crashes Node.js 20 if it has the command line API.
//   - When that was not asked for, the context is gone by then, and an evaluation
//     crashes, too: see [Session.HasContext].
//   - awaitPromise on something that is no promise sometimes fails with "Promise
//     was collected": it is set only where a promise comes for certain.
//   - Debugger.enable makes the program stop at `debugger` statements. Pauses are
//     switched off before and after.
//   - process.mainModule is undefined in ES modules, require does not exist there,
//     and import() fails in evaluated code. With includeCommandLineAPI, require
//     exists in both; process.getBuiltinModule needs no flag (Node 20.16 and later).
//   - A script id is a number written as a string.
//
// What it does not do: it knows nothing of processes, signals and files, and
// sets no policy. internal/node does.
package inspector
