package ecosystem

import (
	"time"

	"github.com/plumb-dev/plumb/internal/supervise"
)

// App is one entry, with PM2's defaults where the file says nothing.
type App struct {
	Name      string
	Namespace string // "default"

	Command     []string // what to execute: interpreter, its arguments, script, arguments
	Script      string   // absolute, or a name that the PATH resolves; with blanks a shell's line
	Args        []string
	Interpreter string // "" when the script is executed itself
	NodeArgs    []string
	Dir         string // absolute

	Env       map[string]string // of the file alone, merged
	FilterEnv []string          // variables of plumb's own whose names hold one of these are kept away
	OnlyEnv   bool              // all of plumb's own are (filter_env: true)

	Instances    int    // 1 at least
	Cluster      bool   // exec_mode: the instances share their ports
	InstanceVar  string // the variable with the instance's number: NODE_APP_INSTANCE
	IncrementVar string // a variable that counts up from its value in Env; "" for none

	MaxMemory supervise.Limit // of RSS

	AutoStart      bool // true
	AutoRestart    bool // true
	MinUptime      time.Duration
	MaxRestarts    int // of starts in a row that lived shorter than MinUptime
	RestartDelay   time.Duration
	BackoffDelay   time.Duration // exp_backoff_restart_delay: the first delay, 0 for none
	StopExitCodes  []int         // after which it is not restarted
	KillTimeout    time.Duration
	KillSignal     string // SIGINT
	ShutdownByText bool   // shutdown_with_message: an IPC message instead of a signal
	WaitReady      bool   // it sends the IPC message "ready"
	ListenTimeout  time.Duration
	CronRestart    string // "" for never

	Watch       []string // files and folders, absolute; [Dir] for watch: true
	IgnoreWatch []string // as written: globs, paths or regular expressions
	WatchDelay  time.Duration

	Logs Logs

	User, Group string // uid and gid: name or number, "" for plumb's own

	path string
	at   func(field string) (name string, p Position)
}

// Logs says where the output goes. The paths are absolute; "" means that the
// file says nothing.
type Logs struct {
	Out, Err, Both string
	OutOff, ErrOff bool   // "/dev/null", "NULL" or disable_logs
	BothOn         bool   // log_file: true, under a name of the supervisor's choice
	DateFormat     string // of day.js, "" for no time stamps
	JSON           bool   // log_type: json
	Merge          bool   // one file for all instances
}

// PM2's defaults (lib/API/schema.json, lib/God.js and constants.js there).
const (
	defaultMinUptime     = time.Second
	defaultMaxRestarts   = 16
	defaultKillTimeout   = 1600 * time.Millisecond
	defaultListenTimeout = 3 * time.Second
	defaultInstanceVar   = "NODE_APP_INSTANCE"
	defaultKillSignal    = "SIGINT"
	defaultNamespace     = "default"
	timeFormat           = "YYYY-MM-DDTHH:mm:ss" // of time: true
)

// Wrong words an error about a field that only the caller can judge, as a cron
// pattern, with its place in the file.
func (a *App) Wrong(field string, err error, hint string) error {
	name, p := a.at(field)
	return &Error{Position: p, App: a.Name, Field: name, Err: err, Hint: hint}
}

// Unsupported is the warning about a field that the caller does not act on.
func (a *App) Unsupported(field, message string) Warning {
	name, p := a.at(field)
	return Warning{Position: p, App: a.Name, Field: name, Message: message}
}
