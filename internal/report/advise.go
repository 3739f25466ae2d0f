package report

import (
	"fmt"

	"github.com/plumb-dev/plumb/internal/leak"
)

// doubts says what would prove the verdict wrong.
func (r *Report) doubts() []string {
	if r.Doubts != nil {
		return r.Doubts
	}
	res := r.Result
	steps := len(res.Snapshots) - 1
	switch {
	case res.Verdict == leak.Healthy && steps == 1:
		return []string{"A leak that needs more work than was done between the two snapshots does not show. Send more requests, or take three snapshots and more."}
	case res.Verdict == leak.Healthy:
		return []string{"A leak on a path that the load did not take does not show. Load what production does."}
	case res.Verdict == leak.Undecided:
		return []string{
			"Another snapshot after as much work again decides: if the count goes on growing it is a leak, if it stays it is a cache that was filling or work under way.",
		}
	case steps == 1:
		return []string{
			"A cache that is still filling looks like this in two snapshots. Take a third after as much work again: if the count stops growing, it has a limit and is no leak.",
			"Work under way looks like this when the load had not ended. Let requests finish before a snapshot.",
		}
	default:
		return []string{"A cache with a limit above the last count looks like this while it fills. If the program sets one, send more work than the limit and compare again."}
	}
}

// next is what to run now.
func (r *Report) next() []string {
	if r.Next != nil {
		return r.Next
	}
	res := r.Result
	last := "LAST.heapsnapshot"
	if len(r.Files) > 0 {
		last = quote(r.Files[len(r.Files)-1])
	}
	if res.Verdict != leak.Leaking {
		all := ""
		for _, file := range r.Files {
			all += " " + quote(file)
		}
		return []string{"plumb leaks" + all + " NEXT.heapsnapshot"}
	}
	f := &res.Findings[0]
	id := f.Container.ID
	if f.Container.Kind != "container" {
		id = f.Member.ID
	}
	return []string{
		fmt.Sprintf("plumb heap retainers %s %d", last, id),
		fmt.Sprintf("plumb heap whatif %s %d", last, id),
	}
}
