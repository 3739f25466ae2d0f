// Package diagnosis names a leak before the restart erases it.
//
// [Watch] takes a heap snapshot of a healthy program, the baseline, waits until
// its memory passes a mark or is about to, by its trend, takes a second one and
// has them compared. What comes out is a [Finding], kept with its snapshots in a
// [Store] with a budget.
// [Demand] spares a program the baseline: both snapshots are taken when somebody calls
// for a diagnosis, some minutes apart.
//
// Terms:
//   - The level is how much memory is used, and of how much: V8's heap of its
//     limit, the process's RSS, or what the caller reads.
//   - The mark is the level at which the alarm goes off.
//   - A floor is the lowest level of a stretch of time, where garbage counts least.
//   - A stage is the folder of a finding that is not one yet.
//
// V8 numbers its objects anew when a debugger leaves, so the connection must last
// from the baseline to the alarm. A program stands still while a snapshot is
// taken, and its RSS stays higher afterwards: whoever limits it pauses meanwhile
// ([Options].Pause) and takes the new level for normal.
//
// The package judges nothing: package leak does, in a process of its own
// ([Child]), so that plumb stays small.
package diagnosis
