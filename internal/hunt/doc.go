// Package hunt is an experiment that tells whether a program leaks, and names
// what does: start it, warm it up, load it in rounds, and look at what each
// round leaves behind.
//
// The words: a round is a number of requests, then calm (work under way ends),
// then a collection until the heap settles, then a sample of memory. The
// rounds' samples give a rate per request with its interval. Naming rounds
// come after them, when the rates leave a doubt: a snapshot of the heap before,
// between and after, which count objects and name their holder. A driver is
// what makes the program work: HTTP requests, a script of them, or a command.
//
// Two kinds of evidence are joined. Rates are cheap and say how much, but
// compiled code and caches grow, too, and a small leak hides in that noise.
// Counts from snapshots are exact: n requests that leave n objects of one kind
// behind are no coincidence. So a verdict of a leak needs a count, or a rate so
// large and lasting that nothing else is left; and a verdict of no leak needs a
// rate of next to nothing, or a count. What is in between is undecided, with
// what to do next.
//
// The package prints nothing and decides no exit codes.
package hunt
