package runcmd

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/supervise"
	"github.com/plumb-dev/plumb/internal/supervise/logfile"
)

// command is the app that the command line describes, and where its logs go.
func (flags *runFlags) command(cmd *cobra.Command, args []string) ([]supervise.App, map[string]logPlan, error) {
	if flags.env != "" || len(flags.only) > 0 {
		return nil, nil, terminal.UsageError(cmd, "%s: --env and --only are for a configuration file", cmd.CommandPath())
	}
	app, err := flags.app(cmd, args)
	if err != nil {
		return nil, nil, err
	}
	if flags.logFile == "" {
		return []supervise.App{app}, nil, nil
	}
	plan := logPlan{both: flags.logFile, form: logfile.Form{JSON: flags.logJSON, Date: logfile.ParseDateFormat(flags.logDate)}}
	size, err := supervise.ParseLimit(flags.logSize)
	if err != nil || size.Share > 0 || flags.logKeep < 0 {
		return nil, nil, terminal.UsageError(cmd, "%s: --log-size %s --log-keep %d: logs turn at a size, and some are kept", cmd.CommandPath(), flags.logSize, flags.logKeep)
	}
	plan.rotation = logfile.Rotation{Size: int64(size.Bytes), Keep: flags.logKeep}
	return []supervise.App{app}, map[string]logPlan{app.Name: plan}, nil
}

// app is what the command line asks for.
func (flags *runFlags) app(cmd *cobra.Command, args []string) (supervise.App, error) {
	app := supervise.Defaults()
	bad := func(format string, args ...any) (supervise.App, error) {
		return app, terminal.UsageError(cmd, cmd.CommandPath()+": "+format, args...)
	}
	if dash := cmd.ArgsLenAtDash(); dash > 0 {
		return bad("%s stands before --, where only flags can", strings.Join(args[:dash], " "))
	}
	if !slices.Contains(restartChoices, supervise.When(flags.restart)) {
		return bad("--restart %q is neither always, on-failure nor never", flags.restart)
	}
	var err error
	if app.Memory.RSS, err = parseLimit(cmd, "max-memory", flags.maxMemory); err != nil {
		return app, err
	}
	if app.Memory.Heap, err = parseLimit(cmd, "max-heap", flags.maxHeap); err != nil {
		return app, err
	}
	if app.Stop.Message = flags.stopSignal == "shutdown"; !app.Stop.Message {
		if app.Stop.Signal = signalByName(flags.stopSignal); app.Stop.Signal == 0 {
			return bad("--stop-signal %q is no signal", flags.stopSignal)
		}
	}
	if app.Name = flags.name; app.Name == "" {
		app.Name = nameOf(args)
	}
	if strings.ContainsAny(app.Name, "/\\ \t\n") {
		return bad("--name %q may have no blanks and no slashes", app.Name)
	}
	app.Args, app.Dir = args, terminal.WorkingFolder()
	app.Instances, app.Overlap = flags.instances, flags.overlap || flags.instances > 1
	app.Memory.Interval, app.Memory.Samples = flags.memoryInterval, flags.memorySamples
	app.Restart = supervise.Policy{
		When: supervise.When(flags.restart), MinUptime: flags.minUptime, MaxRestarts: flags.maxRestarts,
		Delay: flags.restartDelay, Backoff: flags.backoff,
	}
	app.Stop.Timeout, app.Stop.Drain = flags.stopTimeout, flags.drain
	app.Ready = supervise.Ready{Message: flags.readyMessage, URL: flags.readyURL, Timeout: flags.readyTimeout}
	app.Health.URL, app.Health.Interval, app.Health.Failures = flags.healthURL, flags.healthEvery, flags.healthFailures
	app.Cron = flags.cron
	app.Watch = supervise.Watch{Paths: flags.watch, Ignore: flags.ignore}
	return app, nil
}

// signalByName reads SIGTERM, TERM or term; 0 for no signal.
func signalByName(name string) syscall.Signal {
	name = strings.ToUpper(name)
	if !strings.HasPrefix(name, "SIG") {
		name = "SIG" + name
	}
	return syscall.Signal(supervise.SignalNumber(name))
}

// commonNames are those of scripts that say nothing about the program.
var commonNames = []string{"app", "index", "main", "server", "start"}

// nameOf makes a name of a command: that of its script, or of the folder when
// there is none or it says nothing.
func nameOf(args []string) string {
	for _, arg := range args[1:] {
		if strings.HasPrefix(arg, "-") {
			continue
		}
		if info, err := os.Stat(arg); err != nil || info.IsDir() {
			break
		}
		name := strings.TrimSuffix(filepath.Base(arg), filepath.Ext(arg))
		if slices.Contains(commonNames, name) {
			break
		}
		return cleanName(name)
	}
	return cleanName(filepath.Base(terminal.WorkingFolder()))
}

func cleanName(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("/\\ \t\n", r) {
			return '-'
		}
		return r
	}, name)
}
