package runcmd

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/supervise"
	"github.com/plumb-dev/plumb/internal/supervise/ecosystem"
	"github.com/plumb-dev/plumb/internal/supervise/logfile"
)

// logPlan says into which files the output of an app goes; "" is none.
type logPlan struct {
	out, err, both string
	form           logfile.Form
	rotation       logfile.Rotation
	perInstance    bool // a file for each, with its number in the name
}

func logPlanOf(e *ecosystem.App) logPlan {
	plan := logPlan{out: e.Logs.Out, err: e.Logs.Err, both: e.Logs.Both, perInstance: !e.Logs.Merge && e.Instances > 1}
	plan.form = logfile.Form{JSON: e.Logs.JSON, Date: logfile.ParseDateFormat(e.Logs.DateFormat)}
	plan.rotation = defaultRotation
	if e.Logs.OutOff {
		plan.out = ""
	}
	if e.Logs.ErrOff {
		plan.err = ""
	}
	return plan
}

// defaultRotation bounds what the logs of an app take: 11 files of 50 MiB.
var defaultRotation = logfile.Rotation{Size: 50 << 20, Keep: 10}

// logFiles are the open log files, by path.
type logFiles struct {
	ui    *terminal.UI
	plans map[string]logPlan // by app
	files map[string]*logfile.File
}

// open opens all files before anything is started.
func openLogs(ui *terminal.UI, plans map[string]logPlan, apps []supervise.App) (*logFiles, error) {
	l := &logFiles{ui: ui, plans: plans, files: map[string]*logfile.File{}}
	for _, app := range apps {
		plan := plans[app.Name]
		for n := range app.Instances {
			for _, path := range []string{plan.out, plan.err, plan.both} {
				path = plan.path(path, n)
				if path == "" || l.files[path] != nil {
					continue
				}
				file, err := logfile.Open(path, logfile.Options{
					Rotation: plan.rotation, JSON: plan.form.JSON,
					Say: func(message string) { ui.Note("%s", message) },
				})
				if err != nil {
					_ = l.close()
					return nil, terminal.WithHint(err, "choose another file, or a folder that is writable")
				}
				l.files[path] = file
			}
		}
	}
	return l, nil
}

// path is the file of an instance.
func (p logPlan) path(path string, instance int) string {
	if path == "" || !p.perInstance {
		return path
	}
	end := filepath.Ext(path)
	return strings.TrimSuffix(path, end) + "-" + strconv.Itoa(instance) + end
}

// writers are the files into which one output of an instance goes.
func (l *logFiles) writers(app string, instance int, stream string) []io.WriteCloser {
	if l == nil {
		return nil
	}
	plan, ok := l.plans[app]
	if !ok {
		return nil
	}
	path := plan.out
	if stream == "err" {
		path = plan.err
	}
	var list []io.WriteCloser
	for _, path := range []string{path, plan.both} {
		if file := l.files[plan.path(path, instance)]; file != nil {
			list = append(list, logfile.NewStream(file, logfile.Source{App: app, Instance: instance, Stream: stream}, plan.form))
		}
	}
	return list
}

func (l *logFiles) close() error {
	var failures []error
	for _, file := range l.files {
		failures = append(failures, file.Close())
	}
	return errors.Join(failures...)
}

// several writes to all of some writers. A file that fails says so itself.
type several []io.Writer

func (s several) Write(p []byte) (int, error) {
	var failure error
	for n, w := range s {
		if _, err := w.Write(p); err != nil && n == 0 {
			failure = err
		}
	}
	return len(p), failure
}

// Close closes those that can be.
func (s several) Close() error {
	var failures []error
	for _, w := range s {
		if _, file := w.(*os.File); file {
			continue // the terminal's
		}
		if c, ok := w.(io.Closer); ok {
			failures = append(failures, c.Close())
		}
	}
	return errors.Join(failures...)
}
