package report

import (
	"fmt"
	"strconv"
	"strings"
)

// thousands writes 12345 as 12,345.
func thousands[N int | uint64](n N) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// change writes a difference with its sign.
func change(n int) string {
	if n > 0 {
		return "+" + thousands(n)
	}
	return strings.Replace(thousands(n), "-", "\u2212", 1)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

// size writes bytes as Chrome DevTools does: 1 kB is 1000 B, one decimal below
// 100 of a unit.
func (r *Report) size(n uint64) string {
	unit, name := uint64(1000), " kB"
	switch {
	case r.Bytes || n < 1000:
		return thousands(n) + " B"
	case n >= 1_000_000:
		unit, name = 1_000_000, " MB"
	}
	if n >= 100*unit {
		return thousands((n+unit/2)/unit) + name
	}
	tenths := (n + unit/20) / (unit / 10)
	return strconv.FormatUint(tenths/10, 10) + "." + strconv.FormatUint(tenths%10, 10) + name
}

// quote makes a path safe for a shell.
func quote(path string) string {
	if strings.ContainsAny(path, " \t\n'\"\\$`*?()[]{}<>|&;!#~") {
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	return path
}
