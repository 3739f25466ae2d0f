package logfile

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// DateFormat writes times as day.js 1.11 does, and so does PM2's
// log_date_format: "YYYY-MM-DD HH:mm:ss.SSS Z". Text in brackets stands for
// itself; names of days and months are English.
type DateFormat []func(b []byte, t time.Time) []byte

// dateTokens is REGEX_FORMAT of day.js.
var dateTokens = regexp.MustCompile(`\[([^\]]+)\]|Y{1,4}|M{1,4}|D{1,2}|d{1,4}|H{1,2}|h{1,2}|a|A|m{1,2}|s{1,2}|Z{1,2}|SSS`)

// ParseDateFormat never fails: what is no token is text.
func ParseDateFormat(format string) DateFormat {
	var f DateFormat
	text := func(s string) {
		if s != "" {
			f = append(f, func(b []byte, _ time.Time) []byte { return append(b, s...) })
		}
	}
	end := 0
	for _, m := range dateTokens.FindAllStringSubmatchIndex(format, -1) {
		text(format[end:m[0]])
		if end = m[1]; m[2] >= 0 {
			text(format[m[2]:m[3]])
		} else {
			f = append(f, dateToken(format[m[0]:m[1]]))
		}
	}
	text(format[end:])
	return f
}

// Append adds the time, in its zone, to b.
func (f DateFormat) Append(b []byte, t time.Time) []byte {
	for _, part := range f {
		b = part(b, t)
	}
	return b
}

func dateToken(token string) func([]byte, time.Time) []byte {
	if layout, ok := dateLayouts[token]; ok {
		return func(b []byte, t time.Time) []byte { return t.AppendFormat(b, layout) }
	}
	switch token {
	case "d":
		return func(b []byte, t time.Time) []byte { return strconv.AppendInt(b, int64(t.Weekday()), 10) }
	case "dd":
		return func(b []byte, t time.Time) []byte { return append(b, t.Weekday().String()[:2]...) }
	case "H":
		return func(b []byte, t time.Time) []byte { return strconv.AppendInt(b, int64(t.Hour()), 10) }
	case "SSS":
		return func(b []byte, t time.Time) []byte { return append(b, t.Format(".000")[1:]...) }
	case "a":
		return func(b []byte, t time.Time) []byte { return append(b, strings.ToLower(t.Format("PM"))...) }
	default: // ZZ, and what day.js takes for it: Y and YYY
		return func(b []byte, t time.Time) []byte { return t.AppendFormat(b, "-0700") }
	}
}

// dateLayouts are the tokens that package time has too.
var dateLayouts = map[string]string{
	"YY": "06", "YYYY": "2006",
	"M": "1", "MM": "01", "MMM": "Jan", "MMMM": "January",
	"D": "2", "DD": "02", "ddd": "Mon", "dddd": "Monday",
	"HH": "15", "h": "3", "hh": "03", "A": "PM",
	"m": "4", "mm": "04", "s": "5", "ss": "05", "Z": "-07:00",
}
