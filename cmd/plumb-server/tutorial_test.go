package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestTutorial runs the files of examples/monitor, which are the tutorial's. Other
// than there are the addresses, and the times: a minute of memory use, half a minute
// of grouping and five minutes until the next mail would be eight minutes. With
// PLUMB_TUTORIAL set (make tutorial), they are as they stand.
func TestTutorial(t *testing.T) {
	for _, mechanism := range []string{"PLAIN", "LOGIN"} {
		t.Run(mechanism, func(t *testing.T) {
			t.Parallel()
			post := startPost(t, mechanism)
			app := startApp(t)
			dir, file := tutorialFiles(t, post, app)
			s := startWith(t, dir, []string{"SSL_CERT_FILE=" + post.authority},
				"--config.file="+file, "--alertmanager.config.file=alertmanager.yml")
			s.says(`alert "High memory Usage" is true of an idle Node.js server already`)
			// The job "prometheus" scrapes a port that is known only now.
			reload(t, s, filepath.Join(dir, file), "localhost:9090", strings.TrimPrefix(s.url, "http://"))
			for _, job := range []string{"prometheus", "memoryleak_demo"} {
				if up := s.query(`up{job="` + job + `"} == 1`); up != "1" {
					t.Errorf("job %s: up is %s", job, up)
				}
			}
			for range 20 {
				app.get(t, "/")
			}
			for _, state := range []string{"pending", "firing"} {
				eventually(t, "the alert is "+state, func() error {
					r, err := s.rule("High memory Usage")
					if err == nil && r.State != state {
						err = fmt.Errorf("it is %q", r.State)
					}
					return err
				})
			}
			firing := post.next(t)
			if firing.user != "<example@gmail.com>" || firing.from != "example@gmail.com" || firing.to != "example2@gmail.com" {
				t.Errorf("a mail of %q, from %q to %q", firing.user, firing.from, firing.to)
			}
			wants(t, firing.text, "Subject: [FIRING:1] High memory Usage", "memory usage high", "critical")
			app.get(t, "/free")
			wants(t, post.next(t).text, "Subject: [RESOLVED] High memory Usage")
		})
	}
}

// tutorialFiles copies the tutorial's files with the addresses of this test.
func tutorialFiles(t *testing.T, post *post, app *application) (dir, file string) {
	t.Helper()
	dir = t.TempDir()
	changes := []string{
		"smtp.gmail.com:587", post.address, "localhost:3000", app.address, "/etc/prometheus/", dir + "/",
		"localhost:9093", freeAddress(t),
	}
	if os.Getenv("PLUMB_TUTORIAL") == "" {
		changes = append(changes, "scrape_interval: 15s", "scrape_interval: 1s\n  evaluation_interval: 1s",
			"scrape_interval: 5s", "scrape_interval: 1s", "for: 1m", "for: 3s", "group_wait: 30s", "group_wait: 1s", "group_interval: 5m", "group_interval: 2s")
	}
	for _, name := range []string{"prometheus.yml", "alerts.yml", "alertmanager.yml"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "examples", "monitor", name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, name, strings.NewReplacer(changes...).Replace(string(text)))
	}
	return dir, "prometheus.yml"
}

// reload changes text in a file and has it read again.
func reload(t *testing.T, s *server, file, from, to string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Dir(file), filepath.Base(file), strings.ReplaceAll(string(text), from, to))
	if code, text := s.ask(http.MethodPost, "/-/reload", ""); code != http.StatusOK {
		t.Fatalf("reload: %d: %s", code, text)
	}
}

// next waits for a mail.
func (p *post) next(t *testing.T) mail {
	t.Helper()
	select {
	case m := <-p.mails:
		return m
	case <-time.After(patience()):
		t.Fatal("no mail comes")
		panic("not reached")
	}
}

func wants(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("there is no %q in\n%s", part, text)
		}
	}
}

// application is testdata/app.cjs, which runs.
type application struct{ address string }

func startApp(t *testing.T) *application {
	t.Helper()
	cmd := exec.Command("node", "--expose-gc", filepath.Join("testdata", "app.cjs"))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Skip("node is not on the PATH")
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	port, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return &application{"localhost:" + strings.TrimSpace(port)}
}

func (a *application) get(t *testing.T, path string) {
	t.Helper()
	response, err := http.Get("http://" + a.address + path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(io.Discard, response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		t.Fatal(err)
	}
}

// rule is one as /api/v1/rules shows it.
type rule struct {
	Name   string
	State  string
	Alerts []struct{ ActiveAt time.Time }
}

// rules are all rules.
func (s *server) rules() []rule {
	s.t.Helper()
	var answer struct {
		Data struct {
			Groups []struct{ Rules []rule }
		}
	}
	if err := json.Unmarshal([]byte(s.get("/api/v1/rules")), &answer); err != nil {
		s.t.Fatal(err)
	}
	var list []rule
	for _, g := range answer.Data.Groups {
		list = append(list, g.Rules...)
	}
	return list
}

func (s *server) rule(name string) (rule, error) {
	for _, r := range s.rules() {
		if r.Name == name {
			return r, nil
		}
	}
	return rule{}, fmt.Errorf("there is no rule %q", name)
}
