package load

import (
	"errors"
	"net/netip"
	"net/url"
	"testing"
)

func TestNear(t *testing.T) {
	for text, want := range map[string]bool{
		"127.0.0.1": true, "127.9.9.9": true, "::1": true, "0.0.0.0": true, "::": true,
		"10.1.2.3": true, "172.16.0.1": true, "192.168.1.1": true, "fd00::1": true,
		"8.8.8.8": false, "172.32.0.1": false, "2001:db8::1": false, "255.255.255.255": false,
		"169.254.169.254": false, // where clouds keep credentials
		"224.0.0.1":       false,
	} {
		if got := near(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s is near: %v", text, got)
		}
	}
}

func TestResolve(t *testing.T) {
	for text, foreign := range map[string]bool{
		"http://127.0.0.1":           false,
		"http://[::1]:3000/":         false,
		"http://localhost:3000":      false,
		"http://8.8.8.8":             true,
		"http://[2001:db8::1]/":      true,
		"https://[::ffff:8.8.8.8]/":  true, // IPv4 in disguise
		"http://[::ffff:127.0.0.1]/": false,
	} {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		_, err = resolve(t.Context(), u, false, false)
		var refusal *ForeignHostError
		if errors.As(err, &refusal) && refusal.Addr.Is4In6() {
			t.Errorf("%s: %v", text, refusal)
		}
		if errors.As(err, &refusal) != foreign || !foreign && err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if _, err := resolve(t.Context(), u, true, false); err != nil {
			t.Errorf("%s of one's own: %v", text, err)
		}
	}
	for _, text := range []string{"http://127.0.0.1:0", "http://127.0.0.1:65536"} {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := resolve(t.Context(), u, false, false); err == nil {
			t.Errorf("%s has no error", text)
		}
	}
}
