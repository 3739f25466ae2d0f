//go:build unix

package metrics

import (
	"errors"
	"io/fs"
	"math"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
)

// subscribed tells whether the probe listens in a program.
func subscribed(t *testing.T, p *node.Process) bool {
	t.Helper()
	var yes bool
	err := p.Evaluate(t.Context(), node.Builtin+`('diagnostics_channel').hasSubscribers('http.server.request.start')`, &yes)
	if err != nil {
		t.Fatal(err)
	}
	return yes
}

func TestProbeIsTakenBack(t *testing.T) {
	a := startApp(t)
	c := collect(t, nil)
	target := c.Instance("app", "0").Watch(a.Info().PID)
	target.Ask(a.Process)
	if up := value(t, scrape(t, c), "plumb_up", nil); up != 1 {
		t.Fatalf("plumb_up is %v", up)
	}
	if !subscribed(t, a.Process) {
		t.Fatal("the probe does not listen")
	}
	target.Remove()
	if subscribed(t, a.Process) {
		t.Error("the probe still listens")
	}
	if families := scrape(t, c); len(families) != 0 {
		t.Errorf("a removed target is shown: %v", families)
	}
}

func TestProbeEndsWhenNotRead(t *testing.T) {
	a := startApp(t)
	c := collect(t, nil)
	target := c.Instance("app", "0").Watch(a.Info().PID)
	target.use(&inspected{thread: a.Thread, tick: time.Millisecond})
	scrape(t, c)
	until(t, "the probe ends", func() bool { return !subscribed(t, a.Process) })
	if up := value(t, scrape(t, c), "plumb_up", nil); up != 1 {
		t.Errorf("plumb_up is %v: the probe was not put in again", up)
	}
}

// TestHung stops a program with SIGSTOP: it is shown with what the system tells,
// is not waited for a second time, and keeps nobody waiting.
func TestHung(t *testing.T) {
	hung, well := startApp(t), startApp(t)
	c := collect(t, nil)
	c.Instance("app", "").Watch(well.Info().PID).Ask(well.Process)
	if err := c.Instance("app", "").Watch(hung.Info().PID).Plant(t.Context(), hung.Process); err != nil {
		t.Fatal(err)
	}
	label := func(a *app) map[string]string { return map[string]string{"pid": strconv.Itoa(a.Info().PID)} }
	scrape(t, c)
	if err := syscall.Kill(hung.Info().PID, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Kill(hung.Info().PID, syscall.SIGCONT) }()

	c.patience = 50 * time.Millisecond
	until(t, "the well one answers in time", func() bool { return value(t, scrape(t, c), "plumb_up", label(well)) == 1 })
	c.patience = time.Hour // were it waited for, the test would not end
	families := scrape(t, c)
	if up := value(t, families, "plumb_up", label(well)); up != 1 {
		t.Errorf("plumb_up of the one that is well is %v", up)
	}
	if up := value(t, families, "plumb_up", label(hung)); up != 0 {
		t.Errorf("plumb_up of the hung one is %v", up)
	}
	if n := value(t, families, "plumb_scrape_errors_total", label(hung)); n < 2 {
		t.Errorf("%v scrape errors", n)
	}
	if rss := value(t, families, "process_resident_memory_bytes", label(hung)); rss < 10e6 {
		t.Errorf("its resident memory is %v", rss)
	}
	if len(find(families["nodejs_heap_size_used_bytes"], label(hung))) != 0 {
		t.Error("its heap is shown, of which it has told nothing")
	}

	if err := syscall.Kill(hung.Info().PID, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	until(t, "it is well again", func() bool { return value(t, scrape(t, c), "plumb_up", label(hung)) == 1 })
}

func TestEndedIsNotShown(t *testing.T) {
	a := startApp(t)
	c := collect(t, nil)
	instance := c.Instance("app", "0")
	instance.Watch(a.Info().PID).Ask(a.Process)
	instance.Restarted("exit")
	scrape(t, c)
	if err := syscall.Kill(a.Info().PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-a.Done()
	families := scrape(t, c)
	if len(families) != 1 || value(t, families, "plumb_restarts_total", map[string]string{"reason": "exit"}) != 1 {
		t.Errorf("shown is more than the restart: %v", families)
	}
}

// TestPlanted puts a probe into a running program: no inspector stays open, and
// the probe goes when its socket does.
func TestPlanted(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		port := freePort(t)
		a := startApp(t, bin, "--inspect-port="+port)
		c := collect(t, map[string]string{"app": "named"})
		before := filesOf(t, a)
		target := c.Instance("app", "").Watch(a.Info().PID)
		if err := target.Plant(t.Context(), a.Process); err != nil {
			t.Fatal(err)
		}
		families := scrape(t, c)
		want := map[string]string{"app": "named", "pid": strconv.Itoa(a.Info().PID)}
		if up := value(t, families, "plumb_up", want); up != 1 {
			t.Errorf("plumb_up is %v", up)
		}
		if n := value(t, families, "nodejs_active_handles_total", nil); n != handlesOf(t, a) {
			t.Errorf("%v active handles, the program has %v", n, handlesOf(t, a))
		}
		socket := target.probe.(*planted).conn.LocalAddr().String()
		if _, err := os.Stat(filepath.Dir(socket)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("left behind: the folder of %s", socket)
		}
		if !subscribed(t, a.Process) {
			t.Fatal("the probe does not listen")
		}
		target.Remove()
		until(t, "the probe ends", func() bool { return !subscribed(t, a.Process) })
		until(t, "its socket is closed", func() bool { return filesOf(t, a) == before })
	})
}

func filesOf(t *testing.T, a *app) float64 {
	t.Helper()
	s := newSystem(a.Info().PID)
	defer s.close()
	u, err := s.read()
	if err != nil {
		t.Fatal(err)
	}
	return u.Files
}

func handlesOf(t *testing.T, a *app) float64 {
	t.Helper()
	var n float64
	if err := a.Evaluate(t.Context(), "process._getActiveHandles().length", &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

func TestManyScrapesAtOnce(t *testing.T) {
	a := startApp(t)
	c := collect(t, nil)
	target := c.Instance("app", "0").Watch(a.Info().PID)
	target.Ask(a.Process)
	var scraping sync.WaitGroup
	for range 20 {
		scraping.Go(func() {
			if families := scrape(t, c); len(families) < 30 {
				t.Errorf("%d families", len(families))
			}
		})
	}
	scraping.Wait()
	for range 3 { // removed while it is being scraped
		scraping.Go(func() { textOf(t, c) })
	}
	target.Remove()
	scraping.Wait()
}

func TestSystemOfMyself(t *testing.T) {
	u, err := newSystem(os.Getpid()).read()
	if err != nil {
		t.Fatal(err)
	}
	if u.Resident < 1e6 || math.Abs(u.Started-float64(time.Now().Unix())) > 3600 {
		t.Errorf("%+v", u)
	}
	if _, err := newSystem(1 << 30).read(); err == nil {
		t.Error("a process that is not there was read")
	}
}

// TestAskWithoutSocket has a program that cannot connect to us: it is asked through
// its inspector.
func TestAskWithoutSocket(t *testing.T) {
	a := startApp(t)
	if err := a.Evaluate(t.Context(), `void (`+node.Builtin+`('net').connect = () => { throw new Error('no') })`, nil); err != nil {
		t.Fatal(err)
	}
	c := collect(t, nil)
	target := c.Instance("app", "0").Watch(a.Info().PID)
	target.Ask(a.Process)
	if up := value(t, scrape(t, c), "plumb_up", nil); up != 1 {
		t.Errorf("plumb_up is %v", up)
	}
	if _, ok := target.probe.(*connected).probe.(*inspected); !ok {
		t.Errorf("it is read by %T", target.probe.(*connected).probe)
	}
}

// TestAskAgain loses the socket: the probe is planted again.
func TestAskAgain(t *testing.T) {
	a := startApp(t)
	c := collect(t, nil)
	target := c.Instance("app", "0").Watch(a.Info().PID)
	target.Ask(a.Process)
	scrape(t, c)
	first, ok := target.probe.(*connected).probe.(*planted)
	if !ok {
		t.Fatalf("it is read by %T", target.probe.(*connected).probe)
	}
	_ = first.conn.Close()
	if up := value(t, scrape(t, c), "plumb_up", nil); up != 1 {
		t.Errorf("plumb_up is %v", up)
	}
	if again := target.probe.(*connected).probe; again == probe(first) {
		t.Error("the probe is that which was lost")
	}
}

// TestAskAtOnce holds that requests count before the first scrape.
func TestAskAtOnce(t *testing.T) {
	a := startApp(t)
	c := collect(t, nil)
	c.Instance("app", "0").Watch(a.Info().PID).Ask(a.Process)
	until(t, "the probe listens", func() bool { return subscribed(t, a.Process) })
}
