package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// kept is a plumb run that keeps up an example that leaks.
type kept struct {
	cmd     *exec.Cmd
	said    *output
	address string // of its metrics
	env     []string
}

// example is the script of an example that leaks.
func example(t *testing.T, name string) string {
	t.Helper()
	script, err := filepath.Abs(filepath.Join("..", "..", "examples", "leaks", name, "leaky.js"))
	if err != nil {
		t.Fatal(err)
	}
	return script
}

// keep has a plumb watch, which is ended with the test.
func keep(t *testing.T, dir string, command ...string) *kept {
	t.Helper()
	k := &kept{said: &output{}, address: freeAddress(t), env: append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(dir, ".state"))}
	for i := range command {
		command[i] = strings.ReplaceAll(command[i], "ADDRESS", k.address)
	}
	k.cmd = exec.Command(command[0], command[1:]...)
	k.cmd.Env, k.cmd.Stdout, k.cmd.Stderr = k.env, k.said, k.said
	if err := k.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = k.cmd.Process.Signal(syscall.SIGTERM)
		_ = k.cmd.Wait()
		if t.Failed() {
			t.Logf("plumb run wrote\n%s", k.said)
		}
	})
	return k
}

// keepLeaking returns when the app has leaked since its baseline.
func keepLeaking(t *testing.T, plumb, dir string) *kept {
	t.Helper()
	k := keep(t, dir, plumb, "run", "--name=shop", "--metrics-address=ADDRESS", "--capture-at=70%", "--capture-warmup=0s", "--", "node", example(t, "session-store"))
	url := listens(t, k.said)
	k.says(t, "baseline taken")
	for range 5000 {
		response, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
	return k
}

// listens returns where an example listens.
func listens(t *testing.T, said *output) (url string) {
	t.Helper()
	listening := regexp.MustCompile(`listening on (http://\S+)`)
	eventually(t, "the example", func() error {
		found := listening.FindStringSubmatch(said.String())
		if found == nil {
			return errors.New("it does not listen")
		}
		url = found[1]
		return nil
	})
	return url
}

func (k *kept) says(t *testing.T, text string) {
	t.Helper()
	eventually(t, "plumb run", func() error {
		if !strings.Contains(k.said.String(), text) {
			return fmt.Errorf("it does not say %q", text)
		}
		return nil
	})
}

// notification is what a webhook gets.
type notification struct {
	Status string
	Alerts []alert
}

type alert struct {
	Status              string
	Labels, Annotations map[string]string
}

// named are the alerts of a name.
func (n notification) named(name string) (list []alert) {
	for _, a := range n.Alerts {
		if a.Labels["alertname"] == name {
			list = append(list, a)
		}
	}
	return list
}

// startListener takes notifications.
func startListener(t *testing.T) (url string, got <-chan notification) {
	t.Helper()
	all := make(chan notification, 1000)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var n notification
		if err := json.NewDecoder(r.Body).Decode(&n); err != nil {
			t.Error(err)
		}
		all <- n
	}))
	t.Cleanup(server.Close)
	return server.URL, all
}

// wait waits for a notification.
func wait(t *testing.T, what string, got <-chan notification, is func(notification) bool) notification {
	t.Helper()
	deadline := time.After(patience())
	for {
		select {
		case n := <-got:
			if is(n) {
				return n
			}
		case <-deadline:
			t.Fatalf("no notification of %s comes", what)
		}
	}
}

// readable is the HTML of a mail.
func readable(t *testing.T, text string) string {
	t.Helper()
	_, body, _ := strings.Cut(text, "\r\n\r\n")
	_, body, _ = strings.Cut(body, "\r\n\r\n") // of its one part
	html, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(body)))
	if err != nil && len(html) == 0 {
		t.Fatal(err)
	}
	return string(html)
}

// monitorFiles are those of a monitor of one plumb. Rules are still to come.
func monitorFiles(t *testing.T, dir, plumb, hook, receivers string) {
	t.Helper()
	write(t, dir, "prometheus.yml", `
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
scrape_configs:
  - job_name: node
    honor_labels: true
    static_configs: [{targets: ['`+plumb+`']}]
`, "rules.yml", "groups: []\n", "alertmanager.yml", `
route: {receiver: all, group_by: [app], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}
receivers:
  - name: all
    webhook_configs: [{url: '`+hook+`', send_resolved: true}]
`+receivers)
}

// addRules writes rules and has them read.
func (s *server) addRules(dir, text string) {
	s.t.Helper()
	write(s.t, dir, "rules.yml", text)
	if code, text := s.ask(http.MethodPost, "/-/reload", ""); code != http.StatusOK {
		s.t.Fatalf("reload: %d: %s", code, text)
	}
}

// highHeap fires when it is loaded, and on when nothing is scraped any more, for
// as long as is said.
func highHeap(during string) string {
	return `
groups:
  - name: users
    rules:
      - alert: HeapHigh
        expr: max_over_time(nodejs_heap_size_used_bytes[` + during + `]) > 1
        annotations: {summary: 'the heap of {{ $labels.app }} is high'}
`
}

// TestAlertBringsDiagnosis follows an alert of the user's own from its first mail,
// which has no finding, to a second one that names the variable and the line, and to
// that of its end.
func TestAlertBringsDiagnosis(t *testing.T) {
	t.Parallel()
	dir, post := t.TempDir(), startPost(t, "PLAIN")
	k := keepLeaking(t, buildPlumb(t), dir)
	hook, got := startListener(t)
	monitorFiles(t, dir, k.address, hook, `    email_configs:
      - {to: b@example.com, from: a@example.com, smarthost: '`+post.address+`', auth_username: a, auth_password: <app_password>, send_resolved: true,
         headers: {subject: 'Alert', X-Finding: '{{ range .Alerts }}{{ .Annotations.plumb_finding }}{{ end }}'}}
`)
	env := []string{"SSL_CERT_FILE=" + post.authority}
	args := []string{"--config.file=prometheus.yml", "--alertmanager.config.file=alertmanager.yml", "--rules.alert.resend-delay=1s"}
	s := startWith(t, dir, env, args...)
	s.query(`nodejs_heap_size_used_bytes{app="shop"}`)
	// The built-in rule speaks of what plumb has found.
	leakFound := `
      - alert: NodeLeakFound
        expr: plumb_leak_bytes_per_request > 0
        annotations: {summary: '{{ $labels.variable }} leaks'}
`
	s.addRules(dir, highHeap("1h")+leakFound)

	first := wait(t, "the alert", got, func(n notification) bool { return len(n.named("HeapHigh")) > 0 })
	if a := first.named("HeapHigh")[0]; a.Annotations["summary"] == "" || a.Annotations["plumb_finding"] != "" {
		t.Errorf("at once it has %v", a.Annotations)
	}
	mail := readable(t, post.next(t).text)
	wants(t, mail, "the heap of shop is high")
	if strings.Contains(mail, "plumb_finding") {
		t.Errorf("the first mail has a finding: %s", mail)
	}
	second := wait(t, "what was found", got, func(n notification) bool { return len(n.named("NodeLeakFound")) > 0 })
	finding := regexp.MustCompile(`^store\.byId \(store\.js:12\) keeps \d+ B of each request: object store$`)
	url := "http://" + k.address + "/api/findings/shop-0-"
	for _, a := range second.named("NodeLeakFound") {
		if !finding.MatchString(a.Annotations["plumb_finding"]) || !strings.HasPrefix(a.Annotations["plumb_url"], url) ||
			!strings.HasSuffix(a.Annotations["plumb_path"], " > SessionStore, byId > Map > Session") {
			t.Errorf("it has %q", a.Annotations)
		}
	}
	raw := post.next(t).text
	// By a template of the user's own. Headers have no order: it may be the first.
	wants(t, "\r\n"+raw, "\r\nX-Finding: store.byId (store.js:12) keeps ")
	mail = readable(t, raw)
	if file := os.Getenv("PLUMB_MAIL"); file != "" {
		write(t, filepath.Dir(file), filepath.Base(file), mail)
	}
	wants(t, mail, "plumb_finding = store.byId (store.js:12) keeps ", "plumb_path = GC root", "plumb_url = "+url)
	// The rules send the first alert again.
	s.annotates("HeapHigh", finding)
	s.says("note: shop: the alert HeapHigh brings its diagnosis: store.byId (store.js:12) keeps ")

	// One diagnosis is enough for all alerts of an hour, also for a monitor that was
	// killed and knows nothing of it.
	s.kill()
	write(t, dir, "rules.yml", highHeap("1h")+leakFound+`
      - {alert: Another, expr: plumb_heap_limit_bytes > 0}
`)
	s = startWith(t, dir, env, args...)
	s.says("note: shop: the alert ")
	s.annotates("HeapHigh", finding)
	s.annotates("Another", finding)
	response, err := http.Get("http://" + k.address + "/api/findings")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if list := readAll(t, response.Body); strings.Count(list, `"id"`) != 1 {
		t.Errorf("the findings are %s", list)
	}
	s.addRules(dir, strings.Replace(highHeap("1h"), "> 1", "> 1e15", 1))
	last := wait(t, "the end", got, func(n notification) bool {
		return n.named("HeapHigh") != nil && n.named("HeapHigh")[0].Status == "resolved"
	})
	if a := last.named("HeapHigh")[0]; !finding.MatchString(a.Annotations["plumb_finding"]) {
		t.Errorf("when it ends it has %v", a.Annotations)
	}
}

// annotates waits until the alert of a name is at Alertmanager with its finding.
func (s *server) annotates(name string, finding *regexp.Regexp) {
	s.t.Helper()
	eventually(s.t, name, func() error {
		var list []struct{ Annotations map[string]string }
		if err := json.Unmarshal([]byte(s.get(`/api/v2/alerts?filter=alertname="`+name+`"`)), &list); err != nil {
			return err
		}
		if len(list) != 1 || !finding.MatchString(list[0].Annotations["plumb_finding"]) {
			return fmt.Errorf("it has %v", list)
		}
		return nil
	})
}

// TestToken has a monitor that does not find the token by itself, as one on another
// machine.
func TestToken(t *testing.T) {
	t.Parallel()
	dir, elsewhere := t.TempDir(), t.TempDir()
	k := keepLeaking(t, buildPlumb(t), dir)
	hook, got := startListener(t)
	monitorFiles(t, elsewhere, k.address, hook, "")
	write(t, elsewhere, "rules.yml", highHeap("1h"))
	args := []string{"--config.file=prometheus.yml", "--alertmanager.config.file=alertmanager.yml", "--diagnose-every=10m"}
	s := start(t, elsewhere, args...)
	s.says("note: shop: the alert HeapHigh brings no diagnosis: a diagnosis is for who has the token of this plumb")
	s.stop()
	_, port, _ := strings.Cut(k.address, ":")
	text := strings.Replace(readFile(t, elsewhere, "prometheus.yml"), "honor_labels: true",
		"honor_labels: true\n    authorization: {credentials_file: '"+filepath.Join(dir, ".state", "plumb", "run", port+".token")+"'}", 1)
	write(t, elsewhere, "prometheus.yml", text)
	s = start(t, elsewhere, args...)
	s.says("note: shop: the alert HeapHigh brings its diagnosis: store.byId (store.js:12)")
	wait(t, "the alert", got, func(n notification) bool { return n.Status == "firing" })
}
