package ecosystem

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/plumb-dev/plumb/internal/supervise"
)

// field is one that an app may have: its other names, and what it does to an App.
// Without set it is one that plumb does not act on, and why says so.
type field struct {
	name  string
	alias []string
	set   func(a *App, v any) error
	why   string
}

// schema is PM2's, in its order. "env" and "env_*" are not in it: see mergeEnv.
var schema = []field{
	{name: "script", alias: []string{"exec", "cmd", "command"}, set: put(asText, func(a *App) *string { return &a.Script })},
	{name: "name", set: put(asText, func(a *App) *string { return &a.Name })},
	{name: "filter_env", set: setFilterEnv},
	{name: "namespace", set: put(asText, func(a *App) *string { return &a.Namespace })},
	{name: "cwd", set: put(asText, func(a *App) *string { return &a.Dir })},
	{name: "args", set: put(asList, func(a *App) *[]string { return &a.Args })},
	{name: "exec_interpreter", alias: []string{"interpreter"}, set: put(asInterpreter, func(a *App) *string { return &a.Interpreter })},
	{name: "node_args", alias: []string{"interpreterArgs", "interpreter_args"}, set: put(asList, func(a *App) *[]string { return &a.NodeArgs })},
	{name: "out_file", alias: []string{"out", "output", "out_log"}, set: put(asText, func(a *App) *string { return &a.Logs.Out })},
	{name: "error_file", alias: []string{"error", "err", "err_file", "err_log"}, set: put(asText, func(a *App) *string { return &a.Logs.Err })},
	{name: "log_file", alias: []string{"log"}, set: setLogFile},
	{name: "disable_logs", set: setDisableLogs},
	{name: "log_type", set: setLogType},
	{name: "log_date_format", set: put(asText, func(a *App) *string { return &a.Logs.DateFormat })},
	{name: "time", set: setTime},
	{name: "max_memory_restart", set: put(asSize, func(a *App) *supervise.Limit { return &a.MaxMemory })},
	{name: "restart_delay", set: put(asDuration, func(a *App) *time.Duration { return &a.RestartDelay })},
	{name: "exp_backoff_restart_delay", set: put(asDuration, func(a *App) *time.Duration { return &a.BackoffDelay })},
	{name: "wait_ready", set: put(asFlag, func(a *App) *bool { return &a.WaitReady })},
	{name: "instances", set: put(asInstances, func(a *App) *int { return &a.Instances })},
	{name: "kill_timeout", set: put(asDuration, func(a *App) *time.Duration { return &a.KillTimeout })},
	{name: "kill_signal", set: put(asSignal, func(a *App) *string { return &a.KillSignal })},
	{name: "shutdown_with_message", set: put(asFlag, func(a *App) *bool { return &a.ShutdownByText })},
	{name: "listen_timeout", set: put(asDuration, func(a *App) *time.Duration { return &a.ListenTimeout })},
	{name: "cron_restart", alias: []string{"cron"}, set: put(asCron, func(a *App) *string { return &a.CronRestart })},
	{name: "merge_logs", alias: []string{"combine_logs"}, set: put(asFlag, func(a *App) *bool { return &a.Logs.Merge })},
	{name: "autostart", set: put(asFlag, func(a *App) *bool { return &a.AutoStart })},
	{name: "autorestart", set: put(asFlag, func(a *App) *bool { return &a.AutoRestart })},
	{name: "stop_exit_codes", set: put(asCodes, func(a *App) *[]int { return &a.StopExitCodes })},
	{name: "watch_delay", set: put(asDuration, func(a *App) *time.Duration { return &a.WatchDelay })},
	{name: "watch", set: put(asWatch, func(a *App) *[]string { return &a.Watch })},
	{name: "ignore_watch", set: put(asList, func(a *App) *[]string { return &a.IgnoreWatch })},
	{name: "min_uptime", set: put(asDuration, func(a *App) *time.Duration { return &a.MinUptime })},
	{name: "max_restarts", set: put(asCount, func(a *App) *int { return &a.MaxRestarts })},
	{name: "exec_mode", set: put(asMode, func(a *App) *bool { return &a.Cluster })},
	{name: "append_env_to_name", set: func(*App, any) error { return nil }}, // see rename
	{name: "increment_var", set: put(asText, func(a *App) *string { return &a.IncrementVar })},
	{name: "instance_var", set: put(asText, func(a *App) *string { return &a.InstanceVar })},
	{name: "port", set: func(*App, any) error { return nil }}, // see setPort
	{name: "uid", alias: []string{"user"}, set: put(asID, func(a *App) *string { return &a.User })},
	{name: "gid", set: put(asID, func(a *App) *string { return &a.Group })},

	{name: "name_prefix", why: "write the whole name"},
	{name: "install_url", why: "plumb installs nothing"},
	{name: "pid_file", alias: []string{"pid"}, why: "plumb status tells the process ids"},
	{name: "source_map_support", why: `use node_args: "--enable-source-maps"`},
	{name: "disable_source_map_support", why: "plumb adds no source maps to an app"},
	{name: "vizion", why: "plumb does not look at version control"},
	{name: "watch_options", why: "use watch, ignore_watch and watch_delay"},
	{name: "execute_command", why: `use interpreter: "none"`},
	{name: "force", why: "two apps may have the same script here anyway"},
	{name: "post_update", why: "plumb deploys nothing"},
	{name: "trace", why: "it belongs to PM2's paid service"},
	{name: "disable_trace", why: "plumb does not trace"},
	{name: "v8", why: "plumb measures without it"},
	{name: "event_loop_inspector", why: "plumb measures without it"},
	{name: "deep_monitoring", why: "it belongs to PM2's paid service"},
	{name: "pmx", why: "plumb puts nothing of PM2's into an app"},
	{name: "automation", why: "plumb puts nothing of PM2's into an app"},
	{name: "treekill", why: "plumb ends an app with the processes that it started"},
	{name: "username", why: "use uid and gid"},
	{name: "windowsHide", why: "it is about Windows"},
	{name: "kill_retry_time", why: "plumb waits for the exit itself"},
	{name: "write", why: "it has no effect in PM2 either"},
	{name: "io", why: "it belongs to PM2's paid service"},
}

// put makes a set of a reader and the place for what it reads.
func put[T any](read func(any) (T, error), to func(*App) *T) func(*App, any) error {
	return func(a *App, v any) error {
		value, err := read(v)
		if err == nil {
			*to(a) = value
		}
		return err
	}
}

// names are all that a field is written as: like PM2, each also in camel case.
func (f *field) names() []string {
	words := strings.Split(f.name, "_")
	for i, w := range words[1:] {
		if len(w) > 1 {
			words[i+1] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	names := append([]string{f.name}, f.alias...)
	if camel := strings.Join(words, ""); camel != f.name {
		names = append(names, camel)
	}
	return names
}

func asInterpreter(v any) (string, error) {
	s, err := asText(v)
	if err == nil && strings.Contains(s, "node@") {
		return "", fmt.Errorf("plumb does not use nvm: give the path of that node instead of %q", s)
	}
	return s, err
}

func asMode(v any) (bool, error) {
	s, err := asText(v)
	switch s {
	case "cluster", "cluster_mode":
		return true, nil
	case "fork", "fork_mode":
		return false, nil
	}
	if err == nil {
		err = unexpected(`"cluster" or "fork"`, v)
	}
	return false, err
}

// asInstances keeps what has to be counted, 0 and below: see finish.
func asInstances(v any) (int, error) {
	if v == "max" {
		return 0, nil
	}
	n, err := asInt(v)
	switch {
	case err != nil:
		return 0, unexpected(`a number or "max"`, v)
	case n > maxInstances:
		return 0, fmt.Errorf("%d are more than %d", n, maxInstances)
	}
	return n, nil
}

// maxInstances is a bound against a slip of the finger, not a recommendation.
const maxInstances = 1000

var signalForm = regexp.MustCompile(`^SIG[A-Z0-9]+$`)

func asSignal(v any) (string, error) {
	s, err := asText(v)
	if s = strings.ToUpper(s); err == nil && !signalForm.MatchString(s) {
		err = unexpected(`a signal as "SIGTERM"`, v)
	}
	return s, err
}

// asCron takes a pattern; 0 turns it off.
func asCron(v any) (string, error) {
	if n, err := asNumber(v); err == nil && n == 0 {
		return "", nil
	}
	return asText(v)
}

func asCodes(v any) ([]int, error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	codes := make([]int, len(list))
	for i := range list {
		var err error
		if codes[i], err = asCount(list[i]); err != nil {
			return nil, err
		}
	}
	return codes, nil
}

// asWatch takes true for the app's folder.
func asWatch(v any) ([]string, error) {
	switch v := v.(type) {
	case bool:
		if !v {
			return nil, nil
		}
		return []string{"."}, nil
	case string:
		return []string{v}, nil
	case []any:
		if len(v) == 0 {
			return []string{"."}, nil
		}
		return asList(v)
	default:
		return nil, unexpected("true, false, text or a list", v)
	}
}

func asID(v any) (string, error) {
	if n, ok := v.(float64); ok {
		return environment(n), nil
	}
	return asText(v)
}

func setFilterEnv(a *App, v any) error {
	if all, ok := v.(bool); ok {
		a.OnlyEnv = all
		return nil
	}
	if s, ok := v.(string); ok {
		a.FilterEnv = []string{s}
		return nil
	}
	var err error
	a.FilterEnv, err = asList(v)
	return err
}

func setLogFile(a *App, v any) error {
	if on, ok := v.(bool); ok {
		a.Logs.BothOn = on
		return nil
	}
	s, err := asText(v)
	a.Logs.Both, a.Logs.BothOn = s, err == nil
	return err
}

func setDisableLogs(a *App, v any) error {
	off, err := asFlag(v)
	a.Logs.OutOff, a.Logs.ErrOff = off, off
	return err
}

func setLogType(a *App, v any) error {
	s, err := asText(v)
	if err == nil && s != "json" {
		err = unexpected(`"json"`, v)
	}
	a.Logs.JSON = err == nil
	return err
}

func setTime(a *App, v any) error {
	on, err := asFlag(v)
	if on {
		a.Logs.DateFormat = timeFormat
	}
	return err
}
