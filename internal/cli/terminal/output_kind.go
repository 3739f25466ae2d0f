package terminal

import (
	"fmt"
	"math"
	"strconv"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
)

// Kind says how a column's values look in text. Numbers stand on the right.
type Kind int

// The kinds of values.
const (
	Words     Kind = iota // text, cut with an ellipsis where the line is too long
	Number                // plain: ids, positions
	Count                 // 12,345
	Change                // +12,345
	Kilobytes             // as in a column of DevTools: always kB
	Size                  // B, kB or MB
	Growth                // a signed size
	Percent               // of 0 to 100, no decimals
	Span                  // a time span, in seconds: 3d 4h
	Distance              // DevTools shows − for unreachable and system objects
)

// Format writes v for people; exact sizes with --bytes.
func (k Kind) Format(v any, exact bool) string {
	n, whole := integer(v)
	if !whole {
		if f, ok := v.(float64); ok && k == Percent {
			return strconv.FormatFloat(math.Floor(f+0.5), 'f', 0, 64) + " %" // JavaScript's toFixed(0)
		}
		return Printable(Plain(v))
	}
	if exact && (k == Kilobytes || k == Size) {
		k = Count
	}
	if exact && k == Growth {
		k = Change
	}
	switch k {
	case Count:
		return Thousands(n)
	case Change:
		return signed(n, Thousands)
	case Kilobytes:
		return formatKilobytes(n)
	case Size:
		return formatSize(n)
	case Growth:
		return signed(n, formatSize)
	case Span:
		return TimeSpan(n)
	case Distance:
		if n < 0 || n >= heap.SystemDistance {
			return minus
		}
	}
	return Plain(v)
}

// TimeSpan writes a number of seconds in its two largest units.
func TimeSpan(n int64) string {
	switch {
	case n < 60:
		return fmt.Sprintf("%ds", n)
	case n < 3600:
		return fmt.Sprintf("%dm %ds", n/60, n%60)
	case n < 86400:
		return fmt.Sprintf("%dh %dm", n/3600, n%3600/60)
	default:
		return fmt.Sprintf("%dd %dh", n/86400, n%86400/3600)
	}
}

// Plain writes v exactly.
func Plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return wtf8.Clean(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

// integer reads v as a whole number.
func integer(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int32:
		return int64(v), true
	case int64:
		return v, true
	case uint32:
		return int64(v), true
	case uint64:
		return int64(v), true
	case heap.Node:
		return int64(v), true
	default:
		return 0, false
	}
}
