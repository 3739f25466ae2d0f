package runcmd

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/node"
	"github.com/plumb-dev/plumb/internal/supervise"
	"github.com/plumb-dev/plumb/internal/supervise/ecosystem"
	"github.com/plumb-dev/plumb/internal/supervise/tree"
)

// file are the apps of a configuration file of PM2's, with where their logs go.
func (flags *runFlags) file(ui *terminal.UI, cmd *cobra.Command, path string) ([]supervise.App, map[string]logPlan, error) {
	for _, name := range ownFlags {
		if cmd.Flags().Changed(name) {
			return nil, nil, terminal.UsageError(cmd, "%s: --%s is not for a configuration file, which says it itself", cmd.CommandPath(), name)
		}
	}
	file, err := ecosystem.Load(cmd.Context(), path, ecosystem.Options{Env: flags.env, Only: flags.only, Output: ui.Err})
	if err != nil {
		return nil, nil, err
	}
	warnings := file.Warnings
	var apps []supervise.App
	logs := map[string]logPlan{}
	for n := range file.Apps {
		entry := &file.Apps[n]
		app, unsupported, err := fromEcosystem(entry)
		if err != nil {
			return nil, nil, err
		}
		if err := app.Check(); err != nil {
			return nil, nil, err
		}
		warnings = append(warnings, unsupported...)
		apps = append(apps, app)
		logs[app.Name] = logPlanOf(entry)
	}
	for _, w := range warnings {
		fmt.Fprintln(ui.Err, "warning:", terminal.Printable(w.String()))
	}
	return apps, logs, nil
}

// ownFlags are the flags that describe an app: a file does it instead.
var ownFlags = []string{
	"name", "instances", "overlap", "max-memory", "max-heap", "restart", "min-uptime", "max-restarts", "restart-delay", "backoff",
	"stop-signal", "stop-timeout", "drain", "ready-url", "ready-message", "ready-timeout", "health-url", "cron", "watch", "ignore", "log-file",
}

// fromEcosystem makes an app of PM2's.
func fromEcosystem(e *ecosystem.App) (supervise.App, []ecosystem.Warning, error) {
	var warnings []ecosystem.Warning
	app := supervise.Defaults()
	app.Name, app.Args, app.Dir, app.Env = e.Name, e.Command, e.Dir, environ(e)
	app.InstanceEnv = func(n int) []string { return instanceEnv(e, n) }
	app.Instances = e.Instances
	if e.Cluster {
		if app.Overlap = node.Runtime(e.Command[0]) == "node"; !app.Overlap {
			warnings = append(warnings, e.Unsupported("exec_mode", "cluster is for node itself: its instances do not share a port"))
		}
	}
	app.Held = !e.AutoStart
	app.Memory.RSS = e.MaxMemory
	app.Restart = supervise.Policy{
		When: supervise.Always, StopCodes: e.StopExitCodes, MinUptime: e.MinUptime, MaxRestarts: e.MaxRestarts,
		Delay: e.RestartDelay, Backoff: e.BackoffDelay,
	}
	if !e.AutoRestart {
		app.Restart.When = supervise.Never
	}
	app.Stop.Timeout, app.Stop.Message = e.KillTimeout, e.ShutdownByText
	if app.Stop.Signal = signalByName(e.KillSignal); app.Stop.Signal == 0 {
		return app, nil, e.Wrong("kill_signal", fmt.Errorf("%q is no signal", e.KillSignal), "SIGINT and SIGTERM are usual")
	}
	app.Ready.Message = e.WaitReady
	app.Ready.Timeout = max(app.Ready.Timeout, e.ListenTimeout)
	app.Cron = e.CronRestart
	app.Watch.Paths, app.Watch.Ignore = e.Watch, slices.Concat(e.IgnoreWatch, []string{".*"})
	app.Watch.Quiet = max(app.Watch.Quiet, e.WatchDelay)
	if e.User != "" || e.Group != "" {
		var err error
		if app.User, err = tree.LookupUser(e.User, e.Group); err != nil {
			return app, nil, e.Wrong("uid", err, "give the name or the number of a user of this machine")
		}
	}
	return app, warnings, nil
}

// environ is the environment of an app: ours, without what it must not inherit,
// and its own.
func environ(e *ecosystem.App) []string {
	env := []string{}
	if !e.OnlyEnv {
		env = slices.DeleteFunc(os.Environ(), func(entry string) bool {
			name, _, _ := strings.Cut(entry, "=")
			return slices.ContainsFunc(e.FilterEnv, func(part string) bool { return strings.Contains(name, part) })
		})
	}
	for _, name := range slices.Sorted(maps.Keys(e.Env)) {
		env = append(env, name+"="+e.Env[name])
	}
	return env
}

func instanceEnv(e *ecosystem.App, n int) []string {
	env := []string{e.InstanceVar + "=" + strconv.Itoa(n)}
	if e.IncrementVar == "" {
		return env
	}
	if first, err := strconv.Atoi(e.Env[e.IncrementVar]); err == nil {
		env = append(env, e.IncrementVar+"="+strconv.Itoa(first+n))
	}
	return env
}
