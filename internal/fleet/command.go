package fleet

import "time"

// The commands that an agent may be asked to carry out.
const (
	TakeSnapshot = "snapshot"
	Collect      = "collect"
	Profile      = "profile"
)

// Commands are all of them.
var Commands = []string{TakeSnapshot, Collect, Profile}

// Command asks an agent to do something to one of its apps.
type Command struct {
	What string `json:"what"`
	App  string `json:"app"`
	// Instance is one of the app; nil for any.
	Instance *int `json:"instance,omitempty"`
	// For is how long a profile takes.
	For time.Duration `json:"for,omitempty"`
}

// Means tells whether the command is for an instance.
func (c *Command) Means(app *App) bool {
	return app.App == c.App && (c.Instance == nil || *c.Instance == app.Instance)
}

// Outcome is what became of a command.
type Outcome struct {
	Who     string  `json:"who"`
	Command Command `json:"command"`
	Host    string  `json:"host"`
	Done    string  `json:"done,omitempty"`    // in words
	Refused string  `json:"refused,omitempty"` // why it was not done
	Hint    string  `json:"hint,omitempty"`
	Case    string  `json:"case,omitempty"` // the case that came of it
	// Profile is a .heapprofile, compressed with zstd. The audit log has it not.
	Profile []byte `json:"profile,omitempty"`
}
