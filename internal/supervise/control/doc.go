// Package control lets one plumb ask another that keeps programs up: how they
// are, and to restart, reload or stop them.
//
// Terms:
//   - A Claim is the right to the name of an app: one plumb at a time has it. A
//     lock says so, which goes with the process, however that ends.
//   - The state of an app is a file that says who has the name and where its socket
//     is. It is removed at an orderly end; one that is there without the lock is
//     what a plumb that was killed has left.
//   - A Server answers on a Unix socket in HTTP and JSON, a Client asks.
//
// Only the same user can ask: the folder has mode 0700, the socket 0600.
package control
