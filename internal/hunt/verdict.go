package hunt

import (
	"fmt"

	"github.com/plumb-dev/plumb/internal/leak"
)

// A leak that no snapshot names must be larger than what engines and caches do
// on their own, in bytes: less where the engine was made quiet.
const (
	unnamedPerRequest      = 200
	unnamedPerRequestQuiet = 30
	unnamedTotal           = 200_000
	// rssTotal is the growth of the whole process that is worth a word.
	rssTotal = 10_000_000
	// What a healthy program gains per request, in bytes, after thousands.
	tinyPerRequest = 8
	// Less than any leak: one object of the smallest kind for each of ten
	// requests, with its place in an array, takes 4 bytes per request. What is
	// not below is counted in snapshots.
	flatPerRequest = 3
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
	if len(h.unreached) > 0 && r.Verdict == leak.Healthy {
		r.Verdict, r.Reason = leak.Undecided, "processes that the program has started could not be looked into, and they may leak"
	}
	h.lookAtRSS()
}

func (r *Result) refused() (int, bool) {
	work := r.load()
	return work.refused()
}

func (h *hunter) judge() (leak.Verdict, string) {
	r := h.result
	kept := r.Rates.Kept
	done := len(r.at(First))
	switch {
	case h.named && r.Result.Verdict == leak.Leaking:
		return leak.Leaking, r.Findings[0].Reason
	case r.Interrupted:
		return leak.Undecided, fmt.Sprintf("interrupted after %s%s", plural(done, "round"), soFar(kept, done))
	case done < leastRounds && !h.named:
		return leak.Undecided, fmt.Sprintf("it ended after %s, which prove nothing", plural(done, "round"))
	case !h.named && r.Rates.flat():
		return leak.Healthy, "memory stays where it is: " + kept.sentence()
	case !h.named:
		return leak.Undecided, "memory may grow, and no snapshot could say what: " + kept.sentence()
	case r.Again != nil:
		return h.judgeAgain()
	case r.Result.Verdict == leak.Undecided:
		return leak.Undecided, r.Findings[0].Reason
	default:
		return leak.Healthy, "nothing that the program holds grows in the snapshots: what the heap gains and loses is compiled code and the engine's own"
	}
}

// soFar is what two rounds and more have shown.
func soFar(kept Rate, rounds int) string {
	if rounds < 2 {
		return ""
	}
	return "; memory grew by " + kept.sentence()
}

// judgeAgain weighs growth that no snapshot named, by what came of it later.
func (h *hunter) judgeAgain() (leak.Verdict, string) {
	r := h.result
	least := float64(unnamedPerRequest)
	if h.plan.Attach == "" {
		least = unnamedPerRequestQuiet
	}
	for _, figure := range []struct {
		name        string
		first, then Rate
		of          func(Memory) uint64
	}{
		{"memory outside the heap", r.Rates.External, r.Again.External, Memory.external},
		{"the heap", r.Rates.Objects, r.Again.Objects, Memory.Objects},
	} {
		first, then := figure.first, figure.then
		if first.Trend != Growing || then.Interval == nil {
			continue
		}
		last := r.Rounds[len(r.Rounds)-1].Memory
		grown := float64(figure.of(last)) - float64(figure.of(r.Start))
		rate := fmt.Sprintf("%s, %s later", first.sentence(), then.sentence())
		switch {
		case then.Trend == Growing && then.Interval[0] >= least && first.Interval[0] >= least && grown >= unnamedTotal:
			return leak.Leaking, figure.name + " grows in every round, although no variable of the program was found to hold it: " + rate
		case then.PerRequest >= tinyPerRequest && then.PerRequest >= first.PerRequest/2:
			return leak.Undecided, figure.name + " grows on, and the snapshots do not say what holds it: " + rate
		}
	}
	if r.Result.Verdict == leak.Undecided {
		return leak.Undecided, r.Findings[0].Reason
	}
	return leak.Healthy, fmt.Sprintf("memory grew at first and then less and less: %s, %s later", r.Rates.Kept.sentence(), r.Again.Kept.sentence())
}

func (m Memory) external() uint64 { return m.External }

// lookAtRSS says what the operating system's figure means when the heap does
// not explain it. It is no verdict.
func (h *hunter) lookAtRSS() {
	r := h.result
	rss, kept := r.Rates.RSS, r.Rates.Kept
	requests := 0.0
	for _, one := range r.at(First) {
		requests += float64(one.Requests)
	}
	if rss.Trend == Growing && kept.Trend != Growing && r.Verdict != leak.Leaking && rss.PerRequest*requests >= rssTotal {
		h.note("the process grows by %s per request (RSS) while the heap does not: native memory, an addon, or fragmentation of the allocator. "+
			"Try MALLOC_ARENA_MAX=2, or jemalloc by LD_PRELOAD; if it still grows, suspect an addon", perRequest(rss.PerRequest))
	}
}

// sentence is a rate in words.
func (r Rate) sentence() string {
	if r.Interval == nil {
		return fmt.Sprintf("%s per %s so far", perRequest(r.PerRequest), or(r.unit, "request"))
	}
	return fmt.Sprintf("%s per %s (95 %%: %s to %s)", perRequest(r.PerRequest), or(r.unit, "request"), perRequest(r.Interval[0]), perRequest(r.Interval[1]))
}
