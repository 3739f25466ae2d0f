// Package fleet is what the programs of a fleet say to each other: an agent beside
// each app, a hub, and analysts that compare snapshots. They talk over NATS; what must
// not be lost is in JetStream.
//
// Terms:
//   - An agent is a plumb that watches apps on a host, under the name of its token.
//   - A case is an alarm with its snapshots, as an agent sends it.
//   - A chunk is a piece of a file on its way to the hub.
//   - A result is what an analyst says about a case. There is one of each case.
//   - Need is how much memory a comparison takes, in classes of powers of two.
//
// Every subject has the agent's name in its third place, so that a permission on
// "plumb.*.NAME.>" is one to write as that agent and as no other. Names of cases and
// files are hashes of what is in them: what is sent twice is there once.
//
// The package starts nothing and stores nothing. Package agent has the agent's side,
// hub the hub's, analyst the comparison, ledger the findings of all results.
package fleet
