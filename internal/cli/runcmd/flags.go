package runcmd

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/watchcmd"
	"github.com/plumb-dev/plumb/internal/supervise"
)

// runFlags are the flags of plumb run.
type runFlags struct {
	name      string
	instances int
	overlap   bool

	maxMemory, maxHeap string
	memoryInterval     time.Duration
	memorySamples      int

	restart, stopSignal   string
	minUptime             time.Duration
	maxRestarts           int
	restartDelay, backoff time.Duration
	stopTimeout, drain    time.Duration
	readyURL              string
	readyMessage          bool
	readyTimeout          time.Duration
	healthURL, cron       string
	healthEvery           time.Duration
	healthFailures        int
	watch, ignore         []string

	env  string // of a configuration file
	only []string

	logFile, logSize, logDate string
	logJSON                   bool
	logKeep                   int

	metrics watchcmd.MetricsFlags
	capture watchcmd.CaptureFlags
	fleet   watchcmd.FleetFlags
}

func (flags *runFlags) add(cmd *cobra.Command) {
	defaults := supervise.Defaults()
	f := cmd.Flags()
	f.StringVarP(&flags.name, "name", "n", "", "name of the app (default: that of its script or folder)")
	f.IntVarP(&flags.instances, "instances", "i", 1, "how many of it run, sharing the port")
	f.BoolVar(&flags.overlap, "overlap", false, "have the new process ready before the old one leaves")
	f.StringVar(&flags.maxMemory, "max-memory", "", "restart above this memory: 400M, 1.5G, or 80% of what the cgroup or the machine has")
	f.StringVar(&flags.maxHeap, "max-heap", "", "restart above this use of the heap: 300M, or 80% of V8's limit")
	f.DurationVar(&flags.memoryInterval, "memory-interval", defaults.Memory.Interval, "time between two looks at the memory")
	f.IntVar(&flags.memorySamples, "memory-samples", defaults.Memory.Samples, "looks in a row above the limit before it counts")
	f.StringVar(&flags.restart, "restart", string(defaults.Restart.When), "when to start it again: always, on-failure or never")
	f.DurationVar(&flags.minUptime, "min-uptime", defaults.Restart.MinUptime, "what ends earlier has crashed at its start")
	f.IntVar(&flags.maxRestarts, "max-restarts", defaults.Restart.MaxRestarts, "such crashes in a row before giving up, -1 for no end")
	f.DurationVar(&flags.restartDelay, "restart-delay", 0, "wait before each start again")
	f.DurationVar(&flags.backoff, "backoff", defaults.Restart.Backoff, "wait after a failure, twice as long each time up to 15s; 0 for none")
	f.StringVar(&flags.stopSignal, "stop-signal", "SIGTERM", "what asks it to end, or the message 'shutdown'")
	f.DurationVar(&flags.stopTimeout, "stop-timeout", defaults.Stop.Timeout, "time from there to SIGKILL")
	f.DurationVar(&flags.drain, "drain", defaults.Stop.Drain, "with --overlap: time for open connections to end")
	f.StringVar(&flags.readyURL, "ready-url", "", "it is ready when this address answers")
	f.BoolVar(&flags.readyMessage, "ready-message", false, "it is ready when it calls process.send('ready')")
	f.DurationVar(&flags.readyTimeout, "ready-timeout", defaults.Ready.Timeout, "it has failed when it is not ready after this time")
	f.StringVar(&flags.healthURL, "health-url", "", "restart it when this address does not answer")
	f.DurationVar(&flags.healthEvery, "health-interval", defaults.Health.Interval, "time between two health checks")
	f.IntVar(&flags.healthFailures, "health-failures", defaults.Health.Failures, "failed health checks in a row that count")
	f.StringVar(&flags.cron, "cron", "", "restart it at these times, as '0 4 * * *'")
	f.StringArrayVar(&flags.watch, "watch", nil, "restart it when this file, or one below this folder, changes")
	f.StringArrayVar(&flags.ignore, "ignore", nil, "do not watch these: a name, a path or a pattern")
	f.StringVar(&flags.env, "env", "", "of a configuration file: with env_NAME over env")
	f.StringArrayVar(&flags.only, "only", nil, "of a configuration file: this app alone")
	f.StringVar(&flags.logFile, "log-file", "", "write its output to this file, too")
	f.StringVar(&flags.logSize, "log-size", "50M", "begin a new log file when this one is larger")
	f.IntVar(&flags.logKeep, "log-keep", 10, "keep so many old log files")
	f.StringVar(&flags.logDate, "log-date", "", "write the time before each line of the log file, as 'YYYY-MM-DD HH:mm:ss'")
	f.BoolVar(&flags.logJSON, "log-json", false, "write the log file as one JSON object a line")
	flags.metrics.Add(cmd)
	flags.fleet.Add(cmd)
	flags.capture.Add(cmd, "")
}
