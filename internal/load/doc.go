// Package load sends HTTP requests to a server and measures the answers.
//
// A [Plan] says what to send: targets (one request each, in turn, by weight or
// as a sequence), over how many connections, until a number of requests or a
// time is reached. [Run] carries it out and returns a [Report]: exact counts,
// errors by kind, status codes, bytes and the distribution of latencies.
//
// Terms:
//
//   - closed loop: each connection sends its next request when the last one is
//     answered. A slow server gets fewer requests.
//   - open loop: requests are due at a fixed rate, whatever the server does. The
//     latency of a request that had to wait for a free connection counts from
//     when it was due, so that a stalled server cannot hide the requests that
//     nobody could send meanwhile ("coordinated omission").
//   - latency: from the first byte sent, or from the start of connecting when
//     no connection is open, to the last byte of the body.
//   - completed: answered in full, whatever the status.
//
// The server that is measured usually runs on the same machine, so the client
// must take little of it: net/http's costs more than a plain Node.js server
// itself. Here a connection belongs to one worker, requests are bytes prepared
// in advance, fasthttp parses the heads of responses, and bodies are counted
// and dropped. Nothing is allocated per request in the common case.
//
// It does not follow redirects, speak HTTP/2, pipeline, use proxies or keep
// bodies. It sends to loopback and private addresses only, unless told that the
// host is the user's own.
package load
