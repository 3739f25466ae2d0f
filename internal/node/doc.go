// Package node controls one Node.js process from outside: find it, start or
// attach to it, ask for its memory, collect its garbage, capture a heap
// snapshot, let go.
//
// Terms:
//   - A Process is one that we are connected to through its inspector
//     (internal/inspector). A [Child] is one that we started.
//   - A Thread is one V8 isolate of it, with a heap of its own: the main thread
//     or a worker.
//   - The agent is a script that a wrapper (npm, npx, a shell) hands down to the
//     program that it starts; it opens that program's inspector for us.
//   - The guard is a timer in an attached process that closes the inspector when
//     we are gone without a goodbye.
//   - The closer is a process of ours that closes an inspector which opens only
//     when we are gone.
//
// The program is sacred. Nothing is asked of it that stops it, except a
// collection and a snapshot; its inspector is reachable from this machine only,
// under a secret address where we open it; it is closed again when we let go.
//
// What the package does not do: it sends no load, judges nothing, restarts
// nothing and prints nothing.
package node
