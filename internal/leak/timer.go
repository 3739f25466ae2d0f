package leak

import (
	"fmt"
	"time"

	"github.com/plumb-dev/plumb/heap"
)

// soon is the longest delay of a timer that is taken for work under way.
const soon = 10 * time.Minute

// firesSoon says why timers are no leak yet: each fires once, after a delay
// that Node.js has as the key of their list; "" when that is not so.
func (f *finder) firesSoon(p *growth, timer heap.Node) string {
	if repeat, ok := f.target(timer, heap.PropertyEdge, "_repeat"); !ok || f.literal(repeat) != "null" {
		return "" // an interval: its number leaves no reference, or a number's
	}
	if f.s.Name(p.holder) != "TimersList" {
		return ""
	}
	for e, from := range f.s.Retainers(p.holder) {
		if f.s.EdgeType(e) != heap.ElementEdge || f.s.Name(from) == "Array" {
			continue
		}
		delay := time.Duration(number(f.s.EdgeName(e))) * time.Millisecond
		if delay < soon {
			return fmt.Sprintf("these timers fire once, after %s, and are gone then: take the snapshots later than that after the load", delay)
		}
	}
	return ""
}
