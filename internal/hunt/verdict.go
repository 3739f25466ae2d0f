package hunt

import (
	"fmt"

	"github.com/plumb-dev/plumb/internal/leak"
)

const (
	// A leak that no snapshot names must be larger than what engines and caches
	// do on their own: bytes per request, and bytes in all.
	unnamedPerRequest = 200
	unnamedTotal      = 1_000_000
)

// conclude gives the verdict, from rates and counts.
func (h *hunter) conclude() {
	r := h.result
	if r.Rates == (Rates{}) {
		h.rate() // the hunt ended early: what there is
	}
	r.Verdict, r.Reason = h.judge()
	if status, all := r.refused(); all && r.Verdict == leak.Healthy {
		r.Verdict, r.Reason = leak.Undecided, fmt.Sprintf("every request was answered with status %d, so the load may not have reached what leaks", status)
	}
	h.lookAtRSS()
}

func (r *Result) refused() (int, bool) {
	work := r.load()
	return work.refused()
}

func (h *hunter) judge() (leak.Verdict, string) {
	r := h.result
	kept, external := r.Rates.Kept, r.Rates.External
	done := len(r.measured())
	switch {
	case h.named && r.Result.Verdict == leak.Leaking:
		return leak.Leaking, r.Findings[0].Reason
	case r.Interrupted:
		return leak.Undecided, fmt.Sprintf("interrupted after %s", plural(done, "round"))
	case done < leastRounds && !h.named:
		return leak.Undecided, fmt.Sprintf("it ended after %s, which prove nothing", plural(done, "round"))
	case !h.named && kept.Trend == Flat && external.Trend != Growing:
		return leak.Healthy, "memory stays where it is: " + kept.sentence()
	case !h.named:
		return leak.Undecided, "memory may grow, and no snapshot could say what: " + kept.sentence()
	case h.lasting(external, Memory.external, h.unexplained.native):
		return leak.Leaking, "memory outside the heap grows in every round, although no variable of the program was found to hold it: " + external.sentence()
	case h.lasting(r.Rates.Objects, Memory.Objects, h.unexplained.heap):
		return leak.Leaking, "the heap grows in every round, although no single holder was found: " + r.Rates.Objects.sentence()
	case r.Result.Verdict == leak.Undecided:
		return leak.Undecided, r.Findings[0].Reason
	case kept.Trend == Growing && h.unexplained.heap+h.unexplained.native >= unnamedPerRequest/2:
		return leak.Undecided, "memory grows, and the snapshots do not say what holds it: " + kept.sentence()
	default:
		return leak.Healthy, "nothing that the program holds grows in the snapshots; what the heap gains is compiled code and the engine's own"
	}
}

// lasting says whether a figure grew so much, and through the naming rounds
// too, that nothing but a leak is left; unexplained is what the snapshots show
// of it, in bytes per request.
func (h *hunter) lasting(rate Rate, of func(Memory) uint64, unexplained float64) bool {
	if rate.Trend != Growing || rate.Interval[0] < unnamedPerRequest || unexplained < rate.PerRequest/2 {
		return false
	}
	rounds := h.result.Rounds
	grown := of(rounds[len(rounds)-1].Memory) - min(of(h.result.Idle[len(h.result.Idle)-1]), of(rounds[len(rounds)-1].Memory))
	if grown < unnamedTotal {
		return false
	}
	for i := 1; i < len(rounds); i++ {
		step := float64(of(rounds[i].Memory)) - float64(of(rounds[i-1].Memory))
		if rounds[i].Naming && step < rate.PerRequest*float64(rounds[i].Requests)/2 {
			return false
		}
	}
	return true
}

func (m Memory) external() uint64 { return m.External }

// lookAtRSS says what the operating system's figure means when the heap does
// not explain it. It is no verdict.
func (h *hunter) lookAtRSS() {
	r := h.result
	rss, kept := r.Rates.RSS, r.Rates.Kept
	requests := 0.0
	for _, one := range r.measured() {
		requests += float64(one.Requests)
	}
	if rss.Trend == Growing && kept.Trend != Growing && r.Verdict != leak.Leaking && rss.PerRequest*requests >= 10*unnamedTotal {
		h.note("the process grows by %s per request (RSS) while the heap does not: native memory, an addon, or fragmentation of the allocator. "+
			"Try MALLOC_ARENA_MAX=2, or jemalloc by LD_PRELOAD; if it still grows, suspect an addon", perRequest(rss.PerRequest))
	}
}

// sentence is a rate in words.
func (r Rate) sentence() string {
	if r.Interval == nil {
		return perRequest(r.PerRequest) + " per request so far"
	}
	return fmt.Sprintf("%s per request (95 %%: %s to %s)", perRequest(r.PerRequest), perRequest(r.Interval[0]), perRequest(r.Interval[1]))
}
