package terminal

import "testing"

// The expected texts come from Intl.NumberFormat with the options of DevTools'
// ByteUtilities.ts (en-US, narrow units).
func TestSizes(t *testing.T) {
	tests := []struct {
		bytes     int64
		size      string
		kilobytes string
	}{
		{0, "0 B", "0.0 kB"},
		{12, "12 B", "0.0 kB"},
		{250, "250 B", "0.3 kB"},
		{999, "999 B", "1.0 kB"},
		{1000, "1.0 kB", "1.0 kB"},
		{1049, "1.0 kB", "1.0 kB"},
		{1050, "1.1 kB", "1.1 kB"},
		{99_949, "99.9 kB", "99.9 kB"},
		{99_950, "100.0 kB", "100.0 kB"},
		{99_999, "100.0 kB", "100.0 kB"},
		{100_000, "100 kB", "100 kB"},
		{100_500, "101 kB", "101 kB"},
		{999_499, "999 kB", "999 kB"},
		{999_500, "1,000 kB", "1,000 kB"},
		{1_000_000, "1.0 MB", "1,000 kB"},
		{1_234_567, "1.2 MB", "1,235 kB"},
		{99_950_000, "100.0 MB", "99,950 kB"},
		{100_000_000, "100 MB", "100,000 kB"},
		{2_500_000_000, "2,500 MB", "2,500,000 kB"},
		{-5, "−5 B", "−0.0 kB"},
		{-200_000, "−200 kB", "−200 kB"},
	}
	for _, test := range tests {
		if got := formatSize(test.bytes); got != test.size {
			t.Errorf("formatSize(%d) = %q, want %q", test.bytes, got, test.size)
		}
		if got := formatKilobytes(test.bytes); got != test.kilobytes {
			t.Errorf("formatKilobytes(%d) = %q, want %q", test.bytes, got, test.kilobytes)
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -7000: "−7,000"} {
		if got := Thousands(n); got != want {
			t.Errorf("thousands(%d) = %q, want %q", n, got, want)
		}
	}
	if got := signed(7000, Thousands); got != "+7,000" {
		t.Errorf("signed(7000) = %q", got)
	}
	if got := signed(0, Thousands); got != "0" {
		t.Errorf("signed(0) = %q", got)
	}
}
