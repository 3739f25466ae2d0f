package runcmd

import (
	"fmt"
	"os"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"github.com/plumb-dev/plumb/internal/supervise"
)

// tellService tells systemd, where that has started us, that the apps are ready,
// and that we are alive as long as all instances are. Without systemd it does
// nothing.
func tellService(apps *supervise.Supervisor) (stop func()) {
	if os.Getenv("NOTIFY_SOCKET") == "" {
		return func() {}
	}
	every, err := daemon.SdWatchdogEnabled(false)
	if every /= 2; err != nil || every <= 0 {
		every = time.Second
	}
	ended, quit := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(min(every, time.Second))
		defer tick.Stop()
		for ready := false; ; {
			select {
			case <-tick.C:
			case <-quit:
				_, _ = daemon.SdNotify(false, daemon.SdNotifyStopping)
				return
			}
			list := apps.Status() // and so every instance is alive
			running, settled := 0, true
			for _, one := range list {
				if one.State == supervise.Running {
					running++
				}
				settled = settled && one.State != supervise.Starting
			}
			if settled && !ready {
				ready = true
				_, _ = daemon.SdNotify(false, daemon.SdNotifyReady)
			}
			_, _ = daemon.SdNotify(false, fmt.Sprintf("%s\nSTATUS=%d of %d running", daemon.SdNotifyWatchdog, running, len(list)))
		}
	}()
	return func() {
		close(quit)
		<-ended
	}
}
