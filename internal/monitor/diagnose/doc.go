// Package diagnose has an alert bring the diagnosis of the program that it is about.
//
// Terms:
//   - An alert is about a plumb when its rule asks for a metric of a target that is a
//     plumb, and its labels do not say another target. A target is a plumb when its
//     metrics say so.
//   - An episode is an alert from when it fires until it is resolved.
//   - A case is one app of one plumb: it has the finding that all its alerts share,
//     and says when the next diagnosis may be called for.
//
// [Diagnoser.Notify] stands between the rules and the queue of alerts. It adds what
// is known, and never waits: an alert goes out at once without a finding, and once more
// as soon as there is one. Where Alertmanager still waits for others of its group, the
// first notification has it. Everything that asks a plumb happens beside that, within time limits, and what is remembered is bounded.
//
// A plumb that has a fresh finding already, because its own alarm went off or because
// we have forgotten it with a restart, is asked for that one, and for nothing else.
//
// The package diagnoses nothing, and changes nothing of an alert but its annotations.
package diagnose
