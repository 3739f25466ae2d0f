package monitor

import (
	"io"
	"time"
)

// Options are what a monitor is told beside its files. The names are those of
// Prometheus' flags.
type Options struct {
	ConfigFile             string // of Prometheus; "" for the watch
	AlertmanagerConfigFile string // "" for an Alertmanager without receivers

	PrometheusURL string        // of a Prometheus that runs already, instead of the embedded one
	Check         bool          // read the files and tell what is in them, nothing else
	Agent         bool          // scrape and remote_write only
	Alertmanager  string        // a [Mode]
	StoragePath   string        // "" for data/, and for a folder that goes at the end when there are no files
	Retention     time.Duration // of samples, where the file says nothing; 0 for 15 days
	All           bool          // watch every Node.js process, not only those of plumb run
	BuiltinRules  bool          // evaluate our rules too
	ListenAddress []string      // none for 127.0.0.1:9090, or a free port when that is taken

	ResendDelay time.Duration // before a firing alert is sent to Alertmanagers again
	// DiagnoseEvery is the least time between two diagnoses of an app that alerts call
	// for; 0 for none.
	DiagnoseEvery time.Duration

	ExternalURL   string            // under which people reach this server; "" for where it listens
	WebConfigFile string            // TLS and basic auth, in the form of Prometheus' exporter toolkit
	TokenFile     string            // of the bearer token that every request must have
	AdminAPI      bool              // let the API delete series
	WriteReceiver bool              // take what others remote_write to us
	Flags         map[string]string // as given, for the API to show

	LogLevel string                         // of the libraries: debug, info, warn or error
	Log      io.Writer                      // where they log
	Notice   func(text string)              // what a person should know
	Private  bool                           // nobody but the user reads Notice: it is no log
	Ready    func(summary any, text string) // what runs now, or what was checked
}

// Mode says which Alertmanager is meant by an address of this machine, such as
// localhost:9093, in the user's file.
type Mode string

// The modes.
const (
	Auto     Mode = "auto"     // the one that answers there, else the embedded one
	Embedded Mode = "embedded" // the embedded one
	External Mode = "external" // what is there; no Alertmanager is embedded
)

const (
	usualAddress   = "127.0.0.1:9090"
	usualStorage   = "data"
	usualRetention = 15 * 24 * time.Hour
)

// mode is [External] for an agent, which sends no alerts.
func (o *Options) mode() Mode {
	if o.Agent {
		return External
	}
	return Mode(o.Alertmanager)
}
