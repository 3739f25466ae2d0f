package source

import (
	"strings"
	"testing"
)

// TestAround holds that a place, marked |, has the name of its function.
func TestAround(t *testing.T) {
	for _, test := range []struct{ src, want string }{
		{"function schedule(user) { setTimeout(|() => log(user), 9); }", "schedule"},
		{"async function handle|(req) { await req; }", "handle"},
		{"const handle = async |(req) => { await req; };", "handle"},
		{"const watch = (req) => { if (req) { on(|() => req); } };", "watch"},
		{"const watch = req => { on(|() => req); };", "watch"},
		{"class A { poll(x) { for (const y of x) { later(|() => y); } } }", "poll"},
		{"serve((req) => { on(|() => req); });", ""},
		{"on(|() => 1);", ""},
	} {
		at := strings.IndexByte(test.src, '|')
		f := &File{Path: "a.js", Text: test.src[:at] + test.src[at+1:]}
		if got := f.Around(at); got != test.want {
			t.Errorf("%s: %q, want %q", test.src, got, test.want)
		}
	}
}

// TestProperty holds that a property is found where it is set, a variable of
// its name is none.
func TestProperty(t *testing.T) {
	for _, test := range []struct {
		src string
		ok  bool
	}{
		{"app.locals.history = [];", true},
		{"app.decorate('audit', { history: [] });", true},
		{"const history = [];", false},
		{"app.locals.history.push(1);", false},
	} {
		f := &File{Path: "a.js", Text: test.src}
		if at, ok := f.Property("history"); ok != test.ok || ok && !strings.HasPrefix(test.src[at:], "history") {
			t.Errorf("%s: %d, %t", test.src, at, ok)
		}
	}
}
