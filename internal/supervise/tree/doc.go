// Package tree knows the processes below one: which they are, what memory they
// take, and how none of them is left when the one at the top has gone.
//
// Terms:
//   - A tree is a process, what it has started, what that has started, and so on.
//   - An orphan is a process whose parent has ended. On Linux plumb adopts those
//     below it (it is a "child subreaper"), also as process 1 of a container;
//     elsewhere the system does.
//   - A mark is a variable in the environment of a process, which all that it
//     starts inherit: by it an orphan is known.
//   - The guard is a small shell that ends process groups when plumb is killed.
//
// What gets away: a process that has cleared its environment, left its process
// group and lost its parent, all three; on other systems than Linux one that has
// left its group.
package tree

import "errors"

// ErrUnreadable says that the system does not show processes: no /proc, or one
// that hides them.
var ErrUnreadable = errors.New("the system does not show processes")
