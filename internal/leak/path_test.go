package leak

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPath holds the statuses and which references are suspect: from the last
// expected object to the first stuck one.
func TestPath(t *testing.T) {
	build := func(p *program, step int) {
		pool := p.variable("pool", "Pool", 2001)
		sockets := p.object("Array", 2003)
		p.Edge(pool, "property", "closing", sockets)
		yes, text := p.typed("hidden", "system / Oddball", 67), p.typed("string", "true", 69)
		p.Indexed(yes, "hidden", 0, text)
		for i := range 700 * step {
			socket := p.object("Socket", 50_001+2*uint64(i))
			p.Edge(socket, "property", "destroyed", yes)
			p.Element(sockets, i, socket)
		}
	}
	f := only(t, find(t, series(t, 2, build), Options{}))
	var got []string
	for _, s := range f.Path {
		mark := ""
		if s.Suspect {
			mark = "~"
		}
		got = append(got, fmt.Sprintf("%s|%s|%s|%s%s", s.Object, s.Status, s.Reason, s.Reference, mark))
	}
	want := []string{
		"GC root|Expected|the root of all that lives|",
		"global|Expected|the global object lives as long as the process|globalThis.handler",
		"function handler (app.js:3)|Expected|module scope of app.js below is expected|variables in reach",
		"module scope of app.js|Expected|a module's variables live as long as the process|variable pool~",
		"Pool|Unknown||Pool.closing~",
		"Array|Unknown||Array[x]~",
		"Socket|Stuck|Socket.destroyed is true; outlived its step: 0 objects like it were there, now 700|",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestFingerprint holds that it depends on the mistake alone, not on ids,
// counts, or the way from the root.
func TestFingerprint(t *testing.T) {
	fingerprintOf := func(name string, base uint64, root func(p *program)) string {
		build := func(p *program, step int) {
			if root != nil {
				root(p)
			}
			p.array(p.variable(name, "Array", base+1), 0, 700*step, base+1001)
		}
		return only(t, find(t, series(t, 2, build), Options{})).Fingerprint
	}
	one := fingerprintOf("queue", 2000, nil)
	other := fingerprintOf("queue", 40_000, func(p *program) {
		holder := p.object("Registry", 1501)
		p.Edge(p.root, "shortcut", "registry", holder)
		p.Edge(holder, "context", "scope", p.module)
	})
	if one != other || len(one) != 8 || strings.Trim(one, "0123456789abcdef") != "" {
		t.Errorf("one leak, fingerprints %q and %q", one, other)
	}
	if second := fingerprintOf("jobs", 2000, nil); second == one {
		t.Errorf("two leaks, one fingerprint %q", one)
	}
}
