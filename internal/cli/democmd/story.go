package democmd

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// story is the demo, chapter by chapter.
var story = []struct {
	title string
	tell  func(*stage) error
}{
	{"A server that leaks", start},
	{"Two snapshots", snapshots},
	{"What DevTools shows", devTools},
	{"The verdict", verdict},
	{"Kept up, and watched", keepUp},
	{"An alert, and a mail that names the leak", alert},
	{"The limit", limit},
	{"The fix, proved", fix},
	{"What is left", nothing},
}

// agent is long, so that seconds are enough for what takes a server days.
var agent = "User-Agent: loadtest/5.2.0 " + strings.Repeat("x", 1500)

var listening = regexp.MustCompile(`listening on (http://\S+)`)

func start(s *stage) error {
	s.say("Each request leaves one object behind in an array that nobody empties. Nothing is wrong with it on the first day.")
	if err := s.file("server.js"); err != nil {
		return err
	}
	s.types("node server.js &")
	var err error
	if s.leaky, err = s.begin(s.command("node", "server.js"), "node server.js"); err != nil {
		return err
	}
	if s.url, err = s.address(s.leaky); err != nil {
		return err
	}
	_, err = s.show(0, 0, "memory", s.pid())
	return err
}

// address is where a server says that it listens.
func (s *stage) address(p *process) (string, error) {
	found, err := p.says(s.ctx, listening)
	if err != nil {
		return "", err
	}
	return found[1], nil
}

func (s *stage) pid() string { return strconv.Itoa(s.leaky.cmd.Process.Pid) }

func snapshots(s *stage) error {
	s.say("Two heap snapshots, and 7,000 requests between them. Nothing was prepared in the server, and nothing stays in it. One plumb takes both: V8 numbers its objects anew when a debugger leaves.")
	taking, err := s.runs("snapshot", s.pid(), "--count", "2", "--every", "10s")
	if err != nil {
		return err
	}
	// A snapshot is whole when its record is beside it.
	if err := s.until("the first snapshot", func() (bool, error) { return len(s.taken(".json")) > 0, nil }); err != nil {
		return err
	}
	if _, err := s.show(0, 1, "load", s.url, "-n", "7000", "-c", "1", "-k", "-H", "User-Agent: loadtest/5.2.0"); err != nil {
		return err
	}
	if _, err := taking.says(s.ctx, regexp.MustCompile(`Next: `)); err != nil {
		return err
	}
	files := s.taken("")
	if len(files) != 2 {
		return fmt.Errorf("%d snapshots were taken", len(files))
	}
	for i, name := range []string{"first", "second"} { // easy to type
		if err := os.Rename(files[i], filepath.Join(s.dir, name+".heapsnapshot")); err != nil {
			return err
		}
	}
	_, err = s.show(0, 0, "memory", s.pid())
	return err
}

// taken are the snapshots in the folder in their order, or what is beside them.
func (s *stage) taken(beside string) []string {
	files, err := filepath.Glob(filepath.Join(s.dir, "heapSnapshot-*.heapsnapshot"+beside))
	if err != nil {
		panic(err) // the pattern is good
	}
	return files
}

func devTools(s *stage) error {
	s.say("The memory panel of Chrome DevTools has four answers; plumb has the same, to the byte. Of what is the heap made?")
	if _, err := s.show(0, 0, "heap", "stats", "second.heapsnapshot"); err != nil {
		return err
	}
	s.say("What is new since the first snapshot, and what is gone?")
	if _, err := s.show(0, 9, "heap", "compare", "first.heapsnapshot", "second.heapsnapshot"); err != nil {
		return err
	}
	s.say("Only what came between the two, and is still there: an object for each request, its string and its buffer.")
	if _, err := s.show(0, 9, "heap", "summary", "second.heapsnapshot", "--between", "first.heapsnapshot"); err != nil {
		return err
	}
	s.say("One of these strings, and what keeps it alive: userAgentUsed of an object, in an array, in headersArray.")
	var found struct{ Rows []struct{ ID uint64 } }
	if err := s.read(&found, "heap", "search", "second.heapsnapshot", "loadtest/5.2.0", "--top", "1"); err != nil {
		return err
	}
	if len(found.Rows) == 0 {
		return errors.New("no string of a request is there")
	}
	_, err := s.show(0, 12, "heap", "retainers", "second.heapsnapshot", strconv.FormatUint(found.Rows[0].ID, 10), "--depth", "4")
	return err
}

func verdict(s *stage) error {
	s.say("Reading that takes practice. plumb reads it: what grew with the requests, which variable holds it, which line fills it.")
	if _, err := s.show(1, 52, "leaks", "first.heapsnapshot", "second.heapsnapshot", "--requests", "7000"); err != nil {
		return err
	}
	return s.leaky.end()
}

func keepUp(s *stage) error {
	var err error
	if s.mailbox, err = newMailbox(); err != nil {
		return err
	}
	if s.metrics, err = freeAddress(); err != nil {
		return err
	}
	if s.monitor, err = freeAddress(); err != nil {
		return err
	}
	s.say("Until the fix is out the server has to stay up: restarted at a memory limit, with snapshots taken on the way there.")
	if s.kept, err = s.runs("run", "--name", "shop", "--max-memory", "200M", "--capture-at", "150M", "--capture-warmup", "0s", "--metrics-address", s.metrics, "--", "node", "server.js"); err != nil {
		return err
	}
	if s.url, err = s.address(s.kept); err != nil {
		return err
	}
	if _, err := s.kept.says(s.ctx, regexp.MustCompile("baseline taken")); err != nil {
		return err
	}
	s.say("Prometheus and Alertmanager watch it, from their usual files. The rule is that of many a tutorial, with less patience; the threshold is above what an idle Node.js has.")
	for _, name := range []string{"prometheus.yml", "alerts.yml", "alertmanager.yml"} {
		if err := s.place(name, "METRICS", s.metrics, "MONITOR", s.monitor, "MAIL", s.mailbox.address); err != nil {
			return err
		}
	}
	if err := s.file("alerts.yml"); err != nil {
		return err
	}
	watching, err := s.runs("monitor", "--config.file=prometheus.yml", "--alertmanager.config.file=alertmanager.yml", "--alertmanager=embedded",
		"--rules.alert.resend-delay=1s", "--web.listen-address="+s.monitor)
	if err != nil {
		return err
	}
	found, err := watching.says(s.ctx, regexp.MustCompile(`(?s)(Monitoring at http://.*?)\n  data `))
	if err != nil {
		return err
	}
	s.quote(found[1])
	return s.targets()
}

func alert(s *stage) error {
	s.say("7,000 requests again, and the alert is pending, then firing.")
	if _, err := s.show(0, 1, "load", s.url, "-n", "7000", "-c", "1", "-k", "--rps", "1000", "-H", agent); err != nil {
		return err
	}
	return s.alerted()
}

func limit(s *stage) error {
	s.say("Requests go on until the limit is reached.")
	more, err := s.begin(s.command(s.plumb, "load", s.url, "-t", "600", "-c", "4", "-k", "--rps", "4000", "-H", agent), "plumb load")
	if err != nil {
		return err
	}
	found, err := s.kept.says(s.ctx, regexp.MustCompile(`(?m)^plumb: (shop.*above.*)$`))
	if err != nil {
		return err
	}
	if err := more.end(); err != nil {
		return err
	}
	s.quote(found[1])
	if err := s.until("the new process", s.isUp); err != nil {
		return err
	}
	if _, err := s.show(0, 0, "status"); err != nil {
		return err
	}
	s.say("Why it had to be restarted was found out before:")
	if _, err := s.show(0, 0, "findings"); err != nil {
		return err
	}
	return s.resolved()
}

// isUp tells whether what is kept up is.
func (s *stage) isUp() (bool, error) {
	var status struct{ Rows []struct{ State string } }
	err := s.read(&status, "status")
	return err == nil && len(status.Rows) == 1 && status.Rows[0].State == "running", err
}

func fix(s *stage) error {
	if err := s.file("fixed.js"); err != nil {
		return err
	}
	s.say("A hunt starts a program, loads it in rounds, measures what each leaves behind, and judges: first the old server, then the new one.")
	if _, err := s.show(1, 12, "hunt", "--out", "before", "--", "node", "server.js"); err != nil {
		return err
	}
	_, err := s.show(0, 12, "hunt", "--expect-fixed", "before/hunt.json", "--", "node", "fixed.js")
	return err
}

func nothing(s *stage) error {
	if s.pages {
		s.say("The pages stay until Ctrl-C. Alerts and graphs: http://%s/graph?g0.expr=nodejs_external_memory_bytes", s.monitor)
		<-s.ctx.Done()
	}
	s.told = true
	programs := int64(len(s.cast))
	if err := s.leave(); err != nil {
		return err
	}
	s.cast = nil
	server := strings.Trim(strings.TrimPrefix(s.url, "http://"), "/")
	for _, address := range []string{server, s.metrics, s.monitor, s.mailbox.address} {
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			return fmt.Errorf("somebody listens at %s", address)
		}
	}
	s.say("Nothing: %s ended, no port is open, the folder is gone. It took %.0f s.", terminal.Plural(programs, "program"), time.Since(s.begun).Seconds())
	s.say("Next: plumb hunt -- node YOUR-SERVER.js")
	return nil
}
