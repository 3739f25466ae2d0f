//go:build conformance

package monitor

import "testing"

// TestConformanceRemoteWrite has plumb monitor write to a Prometheus of Debian's, the
// way out of one machine.
func TestConformanceRemoteWrite(t *testing.T) {
	quiet := startTarget(t)
	debian := startDebian(t, quiet.server.Listener.Addr().String(), "--web.enable-remote-write-receiver")
	tg := startTarget(t)
	tg.set("slow", "shop", "1", true)
	plumb := startPlumb(t, build(t), tg.server.Listener.Addr().String(), "remote_write: [{ url: '"+debian.prometheus+"/api/v1/write' }]\n")
	const series = `signal{app="shop",host="one"}`
	wait(t, "plumb's samples are there", func() bool { return query(t, debian, series) == 1 })
	if n := query(t, plumb, series); n != 0 {
		t.Errorf("%d series with the label of the outside, inside", n)
	}
}
