package supervise

import (
	"testing"

	"pgregory.net/rapid"
)

func TestParseLimit(t *testing.T) {
	for text, want := range map[string]Limit{
		"400M": {Bytes: 400 << 20}, "1G": {Bytes: 1 << 30}, "1.5G": {Bytes: 3 << 29}, "300m": {Bytes: 300 << 20},
		"300MB": {Bytes: 300e6}, "300MiB": {Bytes: 300 << 20}, "512k": {Bytes: 512 << 10}, "64 kB": {Bytes: 64e3},
		"1000": {Bytes: 1000}, "1000B": {Bytes: 1000}, "80%": {Share: 0.8}, "12.5 %": {Share: 0.125}, "1T": {Bytes: 1 << 40},
		".5G": {Bytes: 1 << 29},
	} {
		if got, err := ParseLimit(text); err != nil || got != want {
			t.Errorf("%q is %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "M", "-5M", "0", "0M", "0%", "101%", "1.2.3G", "5X", "1e9", "400 M B", "99999999999T", "0.1B"} {
		if got, err := ParseLimit(text); err == nil {
			t.Errorf("%q is taken for %+v", text, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		if l, err := ParseLimit(rapid.String().Draw(t, "text")); err == nil && !l.Set() {
			t.Errorf("a limit that is none: %+v", l)
		}
	})
}
