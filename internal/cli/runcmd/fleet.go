package runcmd

import (
	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/supervise"
)

// fleetApps tells a hub how the instances are, with the address of their metrics.
func fleetApps(list []supervise.Status, metrics string) (apps []fleet.App) {
	for _, s := range list {
		apps = append(apps, fleet.App{
			App: s.App, Instance: s.Instance, State: string(s.State), PID: s.PID, Started: s.Started, Restarts: s.Restarts,
			RSS: s.RSS, Limit: s.Limit, Heap: s.Heap, Metrics: metrics,
		})
	}
	return apps
}
