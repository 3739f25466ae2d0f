package watchcmd

import (
	"github.com/plumb-dev/plumb/internal/supervise/control"
	"github.com/plumb-dev/plumb/internal/supervise/tree"
)

// keptByOthers looks at what this user's plumb run keeps up, and returns a function
// that tells whether a process is of it and where its metrics are, "" for nowhere.
// What belongs to a plumb is known by its mark, also behind a wrapper.
func keptByOthers() func(pid int) (kept bool, url string) {
	all, _ := control.All() // who cannot be found shows nothing
	return func(pid int) (bool, string) {
		for _, plumb := range all {
			switch {
			case !tree.Marked(pid, plumb.Mark):
			case plumb.Metrics == "":
				return true, ""
			default:
				return true, "http://" + plumb.Metrics + "/metrics"
			}
		}
		return false, ""
	}
}
