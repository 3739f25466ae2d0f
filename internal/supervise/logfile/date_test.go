package logfile

import (
	"testing"
	"time"
)

// TestDateFormat compares with what day.js 1.11.15 printed for these formats.
func TestDateFormat(t *testing.T) {
	india := time.FixedZone("", 5*3600+1800)
	morning := time.Date(2026, 3, 4, 0, 5, 6, 7e6, india)
	evening := time.Date(2026, 11, 25, 15, 45, 59, 120e6, time.FixedZone("", -3*3600))
	for _, test := range []struct{ format, morning, evening string }{
		{"YYYY-MM-DD HH:mm:ss.SSS Z", "2026-03-04 00:05:06.007 +05:30", "2026-11-25 15:45:59.120 -03:00"},
		{"YYYY-MM-DDTHH:mm:ss", "2026-03-04T00:05:06", "2026-11-25T15:45:59"},
		{"D/M/YY H:m:s", "4/3/26 0:5:6", "25/11/26 15:45:59"},
		{"dddd, MMMM D, YYYY h:mm A", "Wednesday, March 4, 2026 12:05 AM", "Wednesday, November 25, 2026 3:45 PM"},
		{"ddd dd d MMM hh a ZZ", "Wed We 3 Mar 12 am +0530", "Wed We 3 Nov 03 pm -0300"},
		{"[on] YYYY [at 2006] SSS", "on 2026 at 2006 007", "on 2026 at 2006 120"},
		{"Y YYY YYYYY", "+0530 +0530 2026+0530", "-0300 -0300 2026-0300"},
		{"2006-01-02 _x Q", "2006-01-02 _x Q", "2006-01-02 _x Q"},
		{"[] [x", "[] [x", "[] [x"},
		{"", "", ""},
	} {
		f := ParseDateFormat(test.format)
		for _, check := range []struct {
			time time.Time
			want string
		}{{morning, test.morning}, {evening, test.evening}} {
			if got := string(f.Append(nil, check.time)); got != check.want {
				t.Errorf("%q of %s: %q, want %q", test.format, check.time, got, check.want)
			}
		}
	}
}
