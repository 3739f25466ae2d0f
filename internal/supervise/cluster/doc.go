// Package cluster is the parent's side of node:cluster, so that several processes
// of one program listen on one port, with no change to the program: the parent
// opens the socket, every process accepts from it, and no connection is lost when
// one of them leaves.
//
// Terms:
//   - A Worker is a process with a channel to us: a socket pair whose other end is
//     open in it, named by NODE_CHANNEL_FD. On it go lines of JSON; a handle goes
//     beside its line as SCM_RIGHTS (lib/internal/child_process.js).
//   - With NODE_UNIQUE_ID set, Node.js asks on that channel whenever the program
//     wants to listen ("queryServer"), and takes the handle that comes back
//     instead of a socket of its own (lib/internal/cluster/child.js). The messages
//     are the same in Node.js 20 to 26.
//   - A Pool holds the sockets of one program. Its workers accept by themselves, as
//     with node:cluster's SCHED_NONE: nothing of ours stands between a request and
//     its answer.
//   - To drain a worker is to have it accept no more, answer each request that
//     still comes on an open connection with "Connection: close", and say when no
//     connection is left. A script that is loaded before the program does it.
//
// The package starts no process.
package cluster
