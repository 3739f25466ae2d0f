package hunt

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// size writes bytes as Chrome DevTools does: 1 kB is 1000 B.
func size(n uint64) string {
	switch {
	case n < 1000:
		return strconv.FormatUint(n, 10) + " B"
	case n < 1_000_000:
		return strconv.FormatFloat(float64(n)/1e3, 'f', 1, 64) + " kB"
	default:
		return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + " MB"
	}
}

// change is the difference of two sizes with its sign.
func change(now, before uint64) string {
	if now < before {
		return "\u2212" + size(before-now)
	}
	return "+" + size(now-before)
}

// grown is a size, and its change when there is one to speak of.
func grown(now, before uint64) string {
	if max(now, before)-min(now, before) < 1000 {
		return size(now)
	}
	return size(now) + " (" + change(now, before) + ")"
}

// perRequest writes a number of bytes per request: "132 B", "1.2 kB".
func perRequest(v float64) string {
	sign := ""
	if v < 0 {
		sign, v = "\u2212", -v
	}
	if v < 10 && v != math.Trunc(v) {
		return sign + strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0") + " B"
	}
	return sign + size(uint64(math.Round(v)))
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// sentence says what was sent and how fast.
func (w *Work) sentence() string {
	return fmt.Sprintf("%s, %.1f s%s", plural(int(w.Requests), or(w.Unit, "request")), w.Seconds, w.failures())
}

// failures says what went wrong, after a comma.
func (w *Work) failures() string {
	text := ""
	failed := int64(0)
	for code, n := range w.Statuses {
		if code >= 400 {
			failed += n
		}
	}
	if failed > 0 {
		text += fmt.Sprintf(", %d answered with an error", failed)
	}
	for _, e := range w.Errors {
		text += fmt.Sprintf(", %d %s", e.Count, e.Kind)
	}
	return text
}
