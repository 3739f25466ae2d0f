// Package conformance holds plumb against the heap snapshot engine of Chrome
// DevTools: every number and every row of every view must be the same.
//
// A subject is a snapshot file. A question is one thing that DevTools can be
// asked about it, together with the plumb command that asks the same. The
// engine is Google's own code, bundled for Node by engine/bundle.mjs and asked
// through engine/runner.mjs.
//
// There are two tests. Golden needs nothing: it holds plumb to answers of the
// engine that are committed in testdata ("go test -update" asks the engine
// anew). Conformance, behind the build tag of that name, installs the engine,
// several versions of Node and the programs of programs/, takes fresh
// snapshots of them, makes random ones, and asks everything.
//
// It does not test how output looks, only what it says.
package conformance
