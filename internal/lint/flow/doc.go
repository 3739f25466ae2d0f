// Package flow tells what runs once per request in a file, what it reaches, and
// which collections outlive it.
//
// A function is hot when it is a handler (by its parameters, as (req, res), by what it
// is given to: createServer, app.get("/", f), on("request", f), by the name that it is
// exported by, or by a decorator), when a hot function calls it, or when it is inside
// one. What runs while the module loads, and what is only exported, is not: nothing is
// known of how often. What hot code reaches in other files ([Flow.Aways]) is for the
// caller to find, and to have enter there ([Flow.Enter]).
//
// A [Container] is an array, Map, Set or plain object that a variable, a static
// field, a field of an instance or a property of an object holds. Its uses grow
// it, shrink it, read it, or let it escape to where this file does not see.
// A key or value varies when it can be another one for each request.
//
// All of this follows names, not values: it is cheap, it misses much, and where
// it cannot know it says nothing.
package flow
