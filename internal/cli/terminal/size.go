package terminal

import "strconv"

// Sizes are shown as Chrome DevTools shows them (front_end/core/i18n/
// ByteUtilities.ts): 1 kB is 1000 bytes, one decimal below 100 of a unit and
// none from there on, half rounded up, commas between thousands. DevTools
// writes a no-break space before the unit; here it is a plain one, which
// terminals and grep handle.

// formatSize picks the unit: B, kB or MB (DevTools has no GB). DevTools uses
// it for totals, the comparison of classes and tooltips.
func formatSize(n int64) string {
	switch {
	case n < 0:
		return minus + formatSize(-n)
	case n < 1000:
		return strconv.FormatInt(n, 10) + " B"
	case n < 1000_000:
		return formatKilobytes(n)
	case n < 100_000_000:
		return tenths(n, 1000_000) + " MB"
	default:
		return Thousands((n+500_000)/1000_000) + " MB"
	}
}

// formatKilobytes is always in kB: DevTools uses it in the columns of its
// grids, so that one column has one unit.
func formatKilobytes(n int64) string {
	switch {
	case n < 0:
		return minus + formatKilobytes(-n)
	case n < 100_000:
		return tenths(n, 1000) + " kB"
	default:
		return Thousands((n+500)/1000) + " kB"
	}
}

// minus is the sign that DevTools writes before a negative change.
const minus = "\u2212"

// signed writes the sign of a change before its size; 0 has none.
func signed(n int64, format func(int64) string) string {
	if n > 0 {
		return "+" + format(n)
	}
	return format(n)
}

// tenths is n/unit with one decimal, half rounded up.
func tenths(n, unit int64) string {
	t := (n + unit/20) / (unit / 10)
	return Thousands(t/10) + "." + strconv.FormatInt(t%10, 10)
}

// Thousands writes n with commas.
func Thousands(n int64) string {
	if n < 0 {
		return minus + Thousands(-n)
	}
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Plural is a number of things: "1 request", "2,000 requests".
func Plural(n int64, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return Thousands(n) + " " + noun
}
