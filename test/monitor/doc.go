// Package monitor holds "plumb monitor" against Debian's prometheus and
// prometheus-alertmanager: the same files and the same alerts must give the same
// notifications in the same order, and the same questions the same answers.
//
// A stack is one of the two, with its own ports, data and places to notify. A
// target is a program that both scrape; its signals are the alerts' causes. A
// timeline turns signals on and off, and sets silences, for both stacks at once.
// A notice is what a receiver (webhook or mail) was told, without what must
// differ: times, addresses and fingerprints.
//
// The tests are behind the build tag conformance, since they need Debian's
// packages and take minutes of waiting: group_wait and its like are the matter.
//
// They do not compare how fast the stacks are, nor pages.
package monitor
