//go:build unix

package hunt

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/shirou/gopsutil/v4/process"

	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/node"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// plan hunts in a program of testdata, in small rounds.
func plan(t *testing.T, program string) Plan {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	script, err := filepath.Abs(filepath.Join("testdata", program))
	if err != nil {
		t.Fatal(err)
	}
	return Plan{
		Command: node.Command{Args: []string{"node", script}}, Source: os.ReadFile, Dir: t.TempDir(),
		Requests: 100, Warmup: 100, Drive: Drive{Connections: 2},
	}
}

func TestLeak(t *testing.T) {
	t.Parallel()
	p := plan(t, "leaky.js")
	p.Drive.Method, p.Drive.Body = "POST", []byte(`{"n": {{n}}}`)
	p.Ready.Line = regexp.MustCompile("^ready")
	var phases []string
	p.Progress = func(e Event) {
		if e.Outcome != "" {
			phases = append(phases, e.Phase)
		}
	}
	r, err := Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict != leak.Leaking || len(r.Findings) != 1 {
		t.Fatalf("%s: %s, %d findings", r.Verdict, r.Reason, len(r.Findings))
	}
	f := r.Findings[0]
	if f.Variable != "bodies" || f.Declared.Line != 4 || f.PerRequest != 1 {
		t.Errorf("%s at line %d, %v per request", f.Variable, f.Declared.Line, f.PerRequest)
	}
	if f.Allocated == nil || f.Allocated.Line != 10 {
		t.Errorf("allocated at %+v, want line 10", f.Allocated)
	}
	if in := r.Rates.Kept.Interval; in == nil || in[0] < 40 || in[1] > 400 {
		t.Errorf("rate %+v", r.Rates.Kept)
	}
	if len(r.Files) != 3 {
		t.Errorf("%d snapshots: %v", len(r.Files), r.Files)
	}
	if got := r.load().Statuses[200]; got != 700 {
		t.Errorf("%d requests in the rounds, want 700", got)
	}
	want := "start wait warm up idle settle round 1/5 round 2/5 round 3/5 round 4/5 round 5/5 " +
		"snapshot 1/3 naming round 1/2 snapshot 2/3 naming round 2/2 snapshot 3/3 compare"
	if got := strings.Join(phases, " "); got != want {
		t.Errorf("phases\n%s, want\n%s", got, want)
	}
	if alive(r.Program.PID) {
		t.Error("the program still runs")
	}
}

func TestHealthy(t *testing.T) {
	t.Parallel()
	p := plan(t, "healthy.js")
	p.Requests, p.Warmup = 300, 300
	p.Drive.URLs = []string{"/a?n={{n}}", "/b"}
	r, err := Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict != leak.Healthy {
		t.Errorf("%s: %s", r.Verdict, r.Reason)
	}
}

// TestNumbers holds that what gets more numbers, which no snapshot counts, is
// found by asking the program, and what has as many as before is not blamed.
func TestNumbers(t *testing.T) {
	t.Parallel()
	p := plan(t, "numbers.js")
	r, err := Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, f := range r.Findings {
		got += fmt.Sprintf("%s %s line %d, %v %s per request, asked %t; ", f.Verdict, f.Container.Name, f.Declared.Line, f.PerRequest, f.Member.Class, f.Asked)
	}
	const durations, ids = "leaking durations line 4, 1 number per request, asked true; ", "leaking ids line 5, 1 entry per request, asked true; "
	if r.Verdict != leak.Leaking || got != durations+ids && got != ids+durations {
		t.Errorf("%s: %s: %s", r.Verdict, r.Reason, got)
	}
}

// TestErrorsOnly holds that a load which reaches nothing is no clean bill.
func TestErrorsOnly(t *testing.T) {
	t.Parallel()
	p := plan(t, "healthy.js")
	p.Drive.URLs = []string{"/missing"}
	r, err := Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict != leak.Undecided || !strings.Contains(r.Reason, "404") || len(r.Notes) == 0 {
		t.Errorf("%s: %s; notes %v", r.Verdict, r.Reason, r.Notes)
	}
}

func TestDies(t *testing.T) {
	t.Parallel()
	_, err := Run(t.Context(), plan(t, "dies.js"))
	var died *DiedError
	if !errors.As(err, &died) {
		t.Fatalf("error %v, want a DiedError", err)
	}
	if died.Phase != "warm up" || died.Exit == nil || died.Exit.Code != 7 || died.Output != "cannot go on" {
		t.Errorf("%+v, exit %v", died, died.Exit)
	}
}

func TestNeverReady(t *testing.T) {
	t.Parallel()
	p := plan(t, "jobs.js")
	p.Ready.Timeout = 500 * time.Millisecond
	_, err := Run(t.Context(), p)
	var notReady *NotReadyError
	if !errors.As(err, &notReady) {
		t.Fatalf("error %v, want a NotReadyError", err)
	}
	if notReady.Output != "waiting for jobs" {
		t.Errorf("it said %q", notReady.Output)
	}
}

// TestInterrupted holds that what was learnt is told, and nothing left behind.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	p := plan(t, "leaky.js")
	p.Progress = func(e Event) {
		if e.Phase == "round 3/5" {
			cancel()
		}
	}
	r, err := Run(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Interrupted || r.Verdict != leak.Undecided || len(r.Rounds) != 2 {
		t.Errorf("interrupted %v, %s, %d rounds", r.Interrupted, r.Verdict, len(r.Rounds))
	}
	if alive(r.Program.PID) {
		t.Error("the program still runs")
	}
}

// TestCommand hunts in a program without a port, by a command of the user's.
func TestCommand(t *testing.T) {
	t.Parallel()
	p := plan(t, "jobs.js")
	p.Ready.Line = regexp.MustCompile("waiting")
	p.Requests, p.Warmup = 50, 0
	log := filepath.Join(p.Dir, "program.log")
	out, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	p.Output = out
	// The round ends when the program has said that its batch is done.
	p.Drive.Command = `kill -USR2 $PLUMB_PID; until grep -q "^batch $PLUMB_ROUND$" ` + log + `; do sleep 0.01; done`
	r, err := Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict != leak.Leaking || len(r.Findings) == 0 || r.Findings[0].Variable != "done" || r.Findings[0].PerRequest != 1 {
		t.Errorf("%s: %s, %+v", r.Verdict, r.Reason, r.Findings)
	}
}

func TestCommandFails(t *testing.T) {
	t.Parallel()
	p := plan(t, "jobs.js")
	p.Ready.Line = regexp.MustCompile("waiting")
	p.Drive.Command = "echo no such thing; exit 4"
	_, err := Run(t.Context(), p)
	var failed *DriveError
	if !errors.As(err, &failed) || failed.Output != "no such thing" {
		t.Errorf("error %v", err)
	}
}

// TestCluster holds that the processes of node:cluster are looked into, and
// that one leak in both is told once.
func TestCluster(t *testing.T) {
	p := plan(t, "cluster.js")
	p.Drive.Connections = 10
	r, err := Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) != 1 || r.Findings[0].Variable != "asked" || !strings.Contains(r.Findings[0].Thread, "process ") {
		t.Fatalf("%s: %s, notes %v, %+v", r.Verdict, r.Reason, r.Notes, r.Findings)
	}
}

// running starts the program of a plan, which then attaches to it, and reads what
// it says first. Its inspector opens at a port that no other test uses.
func running(t *testing.T, p *Plan, says string) *exec.Cmd {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	cmd := exec.Command(p.Command.Args[0], append([]string{"--inspect-port=" + port}, p.Command.Args[1:]...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	said := make([]byte, len(says))
	if _, err := io.ReadFull(out, said); err != nil || string(said) != says {
		t.Fatalf("it said %q: %v", said, err)
	}
	p.Command, p.Attach = node.Command{}, strconv.Itoa(cmd.Process.Pid)
	return cmd
}

// TestAttachCluster holds that the processes of a cluster that runs already are
// looked into, though each inspector opens at the same port, and that none stays
// open.
func TestAttachCluster(t *testing.T) {
	p := plan(t, "cluster.js")
	p.Drive.Connections = 10
	cmd := running(t, &p, "up\n")
	r, err := Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) != 1 || r.Findings[0].Variable != "asked" || !strings.Contains(r.Findings[0].Thread, "process ") {
		t.Errorf("%s: %s, notes %v, %+v", r.Verdict, r.Reason, r.Notes, r.Findings)
	}
	for _, pid := range append(workersOf(t, cmd.Process.Pid), cmd.Process.Pid) {
		list, err := node.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range list {
			if one.PID == pid && one.Inspector != node.InspectorClosed {
				t.Errorf("the inspector of %d is %s", pid, one.Inspector)
			}
		}
	}
}

// workersOf are the processes that a cluster's primary has started.
func workersOf(t *testing.T, pid int) (pids []int) {
	t.Helper()
	children, err := (&process.Process{Pid: int32(pid)}).Children()
	if err != nil || len(children) == 0 {
		t.Errorf("%d children: %v", len(children), err)
	}
	for _, child := range children {
		pids = append(pids, int(child.Pid))
	}
	return pids
}

// TestAttach holds that a running program is left as it was.
func TestAttach(t *testing.T) {
	p := plan(t, "healthy.js")
	cmd := running(t, &p, "")
	r, err := Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict == leak.Leaking || len(r.Rounds) < 5 {
		t.Errorf("%s: %s", r.Verdict, r.Reason)
	}
	if !answers(t.Context(), r.Program.URL) {
		t.Error("the program does not answer any more")
	}
	list, err := node.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range list {
		if one.PID == cmd.Process.Pid && one.Inspector != node.InspectorClosed {
			t.Errorf("its inspector is %s", one.Inspector)
		}
	}
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

// TestOtherDebugger holds that a hunt survives another debugger that comes and
// goes between two snapshots, at which V8 forgets its objects' numbers, that it
// says so when one does all the time, and that a list of programs is none.
func TestOtherDebugger(t *testing.T) {
	visit := func(t *testing.T, _ int, target string) {
		other, err := node.Attach(t.Context(), target, node.AttachOptions{})
		if err != nil {
			t.Error(err)
			return
		}
		if err := other.Release(t.Context()); err != nil {
			t.Error(err)
		}
	}
	for name, c := range map[string]struct {
		visit         func(t *testing.T, pid int, target string)
		visits, notes int
		err           error
	}{
		"once":          {visit, 1, 1, nil},
		"twice":         {visit, 2, 2, nil},
		"all the time":  {visit, 99, 2, ErrDisturbed},
		"who only asks": {func(t *testing.T, pid int, _ string) { list(t, pid) }, 99, 0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := plan(t, "leaky.js")
			p.Drive.Method = "POST"
			cmd := exec.Command(p.Command.Args[0], append([]string{"--inspect=127.0.0.1:0"}, p.Command.Args[1:]...)...)
			stderr, err := cmd.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() {
				_ = cmd.Process.Kill()
				_ = cmd.Wait()
			}()
			line, err := bufio.NewReader(stderr).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			p.Command, p.Attach = node.Command{}, strings.TrimSpace(strings.TrimPrefix(line, "Debugger listening on "))
			visits := 0
			p.Progress = func(e Event) {
				if e.Phase == "naming round 1/2" && e.Outcome != "" && visits < c.visits {
					visits++
					c.visit(t, cmd.Process.Pid, p.Attach)
				}
			}
			r, err := Run(t.Context(), p)
			if !errors.Is(err, c.err) || len(r.Notes) != c.notes {
				t.Fatalf("%v, want %v; notes %v", err, c.err, r.Notes)
			}
			if err == nil && (r.Verdict != leak.Leaking || r.Findings[0].Variable != "bodies" || len(r.Files) != 3) {
				t.Errorf("%s: %s; files %v", r.Verdict, r.Reason, r.Files)
			}
		})
	}
}

// list is plumb ps: it must see the program, and leave it alone.
func list(t *testing.T, pid int) {
	programs, err := node.List(t.Context())
	if err != nil {
		t.Error(err)
	}
	for _, one := range programs {
		if one.PID == pid && one.Inspector != node.InspectorInUse {
			t.Errorf("its inspector is %s, want %s", one.Inspector, node.InspectorInUse)
		}
	}
}
