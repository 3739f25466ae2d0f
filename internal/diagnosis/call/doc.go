// Package call lets who watches a program from elsewhere have it diagnosed over HTTP:
// plumb monitor, when an alert fires.
//
// Terms:
//   - The [Desk] takes the calls for the programs of one plumb. Each is there from
//     the moment it is watched to its end.
//   - A caller is who has the token of the desk. It says which program it means by a
//     [Call], and gets a finding or a [Refusal] in words.
//   - A [Client] is a caller.
//
// A diagnosis makes the program stand still. So there is one at a time in a plumb,
// and a pause between two of a program. One that has begun comes to its end, and into
// the store of findings, whether or not the caller still waits.
//
// The package diagnoses nothing: package diagnosis does.
package call
