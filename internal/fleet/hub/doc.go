// Package hub is the middle of a fleet. It keeps what agents send, hands cases to
// analysts, tells regressions, and shows all of it to Prometheus and to people.
//
// The queue, the storage and who may write what are NATS': a server inside the hub,
// with JetStream on disk, or a cluster that is there already. The hub makes the streams
// and buckets, and does three things of its own, each of which may be killed at any time
// and is done again:
//   - The keeper puts the chunks of a case's files together, checks their hash, stores
//     them, and makes a job of the case.
//   - The follower reads all results into a ledger and tells regressions.
//   - The pages are /sd, /metrics, /healthz.
//
// Who may connect is in a file of tokens: see [Tokens].
package hub
