package node

import (
	"testing"
	"time"
)

// TestMove holds that an inspector of ours moves and is closed when we let go, and
// when we vanish; one that was open stays where it is.
func TestMove(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		f := runApp(t, bin)
		for _, vanish := range []bool{false, true} {
			p, err := Attach(t.Context(), f.pid(), AttachOptions{Timeout: 30 * time.Second, guardTick: 50 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			port := freePort(t)
			if p, err = p.Move(t.Context(), port); err != nil {
				t.Fatal(err)
			}
			if p.inspectorPort != port || p.Info().PID != f.cmd.Process.Pid {
				t.Errorf("at port %d, want %d: %+v", p.inspectorPort, port, p.Info())
			}
			if _, err := p.Memory(t.Context()); err != nil {
				t.Error(err)
			}
			if vanish {
				p.guard.stop()
				_ = p.disconnect()
			} else if err := p.Release(t.Context()); err != nil {
				t.Error(err)
			}
			wait(t, "the inspector closes", func() bool { return listening(t, f.cmd.Process.Pid) == 1 })
			wait(t, "the closer ends", func() bool { return len(closersOf(t.Context(), f.cmd.Process.Pid)) == 0 })
		}
		g := runApp(t, bin)
		p := attach(t, g.pid())
		if same, err := attach(t, g.pid()).Move(t.Context(), freePort(t)); err != nil || same.inspectorPort != p.inspectorPort {
			t.Errorf("it moved although it was open: %v", err)
		}
	})
}
