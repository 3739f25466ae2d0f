package cli

import (
	"fmt"
	"math"
	"strconv"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
)

// kind says how a column's values look in text. Numbers stand on the right.
type kind int

const (
	words     kind = iota // text, cut with an ellipsis where the line is too long
	number                // plain: ids, positions
	count                 // 12,345
	change                // +12,345
	kilobytes             // as in a column of DevTools: always kB
	size                  // B, kB or MB
	growth                // a signed size
	percent               // of 0 to 100, no decimals
	span                  // a time span, in seconds: 3d 4h
	distance              // DevTools shows − for unreachable and system objects
)

// format writes v for people; exact sizes with --bytes.
func (k kind) format(v any, exact bool) string {
	n, whole := integer(v)
	if !whole {
		if f, ok := v.(float64); ok && k == percent {
			return strconv.FormatFloat(math.Floor(f+0.5), 'f', 0, 64) + " %" // JavaScript's toFixed(0)
		}
		return printable(plain(v))
	}
	if exact && (k == kilobytes || k == size) {
		k = count
	}
	if exact && k == growth {
		k = change
	}
	switch k {
	case count:
		return thousands(n)
	case change:
		return signed(n, thousands)
	case kilobytes:
		return formatKilobytes(n)
	case size:
		return formatSize(n)
	case growth:
		return signed(n, formatSize)
	case span:
		return timeSpan(n)
	case distance:
		if n < 0 || n >= heap.SystemDistance {
			return minus
		}
	}
	return plain(v)
}

// timeSpan writes a number of seconds in its two largest units.
func timeSpan(n int64) string {
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

// plain writes v exactly.
func plain(v any) string {
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
