package diagnosis

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/report"
)

// Report puts a finding into the words and sections of a report. root is cut from
// the front of source paths.
func (f *Finding) Report(root string) *report.Report {
	r := &report.Report{Result: f.Result, Files: f.Files(), JSON: f, Suite: "plumb findings", Root: root, Source: os.ReadFile}
	r.First = []report.Section{f.alarmSection()}
	if f.Result == nil {
		r.Result = &leak.Result{Verdict: leak.Undecided}
		r.Word, r.Title, r.State = "NO DIAGNOSIS", f.Problem, "undecided"
		r.Doubts = []string{"An alarm says that memory is high, not why. Look at the program while it runs: plumb memory, plumb profile."}
		r.Next = []string{fmt.Sprintf("plumb profile %d --for 30s", f.Program.PID)}
		if files := f.Files(); len(files) == 2 {
			r.Next = []string{"plumb leaks " + strings.Join(files, " ")}
		}
		return r
	}
	if len(f.Files()) == 0 {
		r.Next = []string{"plumb hunt -- " + strings.Join(f.Program.CommandLine, " ")} // the snapshots are gone
	}
	return r
}

func (f *Finding) alarmSection() report.Section {
	s := report.Section{Heading: "The alarm"}
	say := func(name, format string, args ...any) {
		s.Facts = append(s.Facts, [2]string{name, fmt.Sprintf(format, args...)})
	}
	say("app", "%s, instance %d (pid %d)", f.App, f.Instance, f.Program.PID)
	say("program", "%s (%s %s)", strings.Join(f.Program.CommandLine, " "), f.Program.Runtime, f.Program.NodeVersion)
	say("time", "%s", f.Time.Local().Format(time.DateTime))
	say("why", "%s", f.Alarm.Text)
	if f.Baseline != nil {
		say("baseline", "%s earlier, %s in the heap", f.Time.Sub(f.Baseline.Time).Round(time.Second), size(f.Baseline.Memory.HeapUsed))
	}
	if f.Last != nil {
		say("at the alarm", "%s in the heap, RSS %s", size(f.Last.Memory.HeapUsed), size(f.Last.Memory.RSS))
	}
	if files := f.Files(); len(files) > 0 {
		say("snapshots", "%s", strings.Join(files, ", "))
	} else {
		say("snapshots", "not kept")
	}
	return s
}
