package fleet

import "time"

// Beat is the time between two heartbeats; an app is silent when three are missing.
const (
	Beat   = 10 * time.Second
	Silent = 3*Beat + 5*time.Second
)

// HubKey is where the hub's own heartbeat is, which has no app.
const HubKey = "hub"

// App is a heartbeat: one instance of an app, as its agent sees it.
type App struct {
	Agent    string `json:"agent"`
	Host     string `json:"host"`
	App      string `json:"app"`
	Instance int    `json:"instance"`
	Release  string `json:"release,omitempty"`

	State    string    `json:"state"`
	PID      int       `json:"pid,omitempty"`
	Started  time.Time `json:"started,omitzero"` // by the agent's clock
	Restarts int       `json:"restarts"`
	RSS      uint64    `json:"rss"`             // bytes
	Limit    uint64    `json:"limit,omitempty"` // of the RSS, in bytes
	Heap     uint64    `json:"heap,omitempty"`  // bytes used

	Metrics string   `json:"metrics,omitempty"` // HOST:PORT of /metrics, "" for none
	Allows  []string `json:"allows,omitempty"`  // commands that may come from the hub
	Spooled Spooled  `json:"spooled"`

	// Seen is when the heartbeat arrived, by the hub's clock.
	Seen time.Time `json:"seen,omitzero"`
}

// Spooled is what waits at the agent for the hub.
type Spooled struct {
	Cases   int    `json:"cases"`
	Bytes   int64  `json:"bytes"`
	Dropped uint64 `json:"dropped"` // cases, since the agent's start
}
