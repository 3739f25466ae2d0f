package main

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"
)

// as asks with other headers, and returns the code.
func (s *server) as(t *testing.T, url string, headers ...string) int {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	r.Host = r.Header.Get("Host")
	r.Header.Del("Host")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// TestPages asks as web pages of others would.
func TestPages(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	port := s.url[strings.LastIndex(s.url, ":"):]
	for _, path := range []string{"/api/v1/status/config", "/api/v2/status", "/metrics", "/-/healthy", "/"} {
		for _, ask := range []struct {
			want    int
			headers []string
		}{
			{200, nil},
			{200, []string{"Host", "localhost" + port}},
			{200, []string{"Host", "[::1]" + port}},
			{200, []string{"Origin", s.url}},
			{403, []string{"Host", "attacker.example" + port}},
			{403, []string{"Host", "attacker.example" + port, "Origin", "http://attacker.example" + port}},
			{403, []string{"Host", "127.0.0.1.attacker.example" + port}},
			{403, []string{"Origin", "http://attacker.example"}},
			{403, []string{"Origin", "null"}},
			{403, []string{"Origin", "http://127.0.0.1:1"}},
		} {
			if code := s.as(t, s.url+path, ask.headers...); code != ask.want {
				t.Errorf("%s as %q: %d, want %d", path, ask.headers, code, ask.want)
			}
		}
	}
}

// TestExposed listens where others reach it.
func TestExposed(t *testing.T) {
	t.Parallel()
	wants(t, refuses(t, t.TempDir(), "--web.listen-address=0.0.0.0:0"), "others than this machine reach it, and nothing protects it", "hint: give a token with --web.token-file, or TLS and passwords with --web.config.file")

	dir := t.TempDir()
	write(t, dir, "token", "short\n")
	wants(t, refuses(t, dir, "--web.listen-address=0.0.0.0:0", "--web.token-file=token"), "token has fewer than 16 characters", "hint: make one")

	write(t, dir, "token", "0123456789abcdef\n")
	s := start(t, dir, "--web.listen-address=0.0.0.0:0", "--web.token-file=token")
	local := "http://127.0.0.1" + s.url[strings.LastIndex(s.url, ":"):]
	for want, headers := range map[int][]string{
		200: {"Authorization", "Bearer 0123456789abcdef", "Host", "monitor.example"},
		401: {"Authorization", "Bearer 0123456789abcdeg"},
		403: {"Authorization", "Bearer 0123456789abcdef", "Origin", "http://attacker.example"},
	} {
		if code := s.as(t, local+"/api/v1/status/config", headers...); code != want {
			t.Errorf("as %q: %d, want %d", headers, code, want)
		}
	}
	if code := s.as(t, local+"/-/healthy"); code != 401 {
		t.Errorf("without a token: %d", code)
	}
}

// TestPasswords protects it with Prometheus' own file.
func TestPasswords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	hash, err := bcrypt.GenerateFromPassword([]byte("secret"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "web.yml", "basic_auth_users: {anna: "+string(hash)+"}\n")
	s := start(t, dir, "--web.listen-address=0.0.0.0:0", "--web.config.file=web.yml")
	_, port, err := net.SplitHostPort(s.url[strings.LastIndex(s.url, "/")+1:])
	if err != nil || !strings.HasPrefix(s.url, "http://") {
		t.Fatal(s.url, err)
	}
	if code := s.as(t, "http://anna:secret@127.0.0.1:"+port+"/api/v1/status/config"); code != 200 {
		t.Errorf("with the password: %d", code)
	}
	if code := s.as(t, "http://anna:wrong@127.0.0.1:"+port+"/api/v1/status/config"); code != 401 {
		t.Errorf("with another password: %d", code)
	}
	write(t, dir, "web.yml", "basic_auth_user: {}\n")
	wants(t, refuses(t, dir, "--web.listen-address=127.0.0.1:0", "--web.config.file=web.yml"), "error: load the configuration: web.yml:1: field basic_auth_user not found")
}

// TestTLS has Prometheus' and Alertmanager's own tools ask over TLS, with a password.
func TestTLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	hash, err := bcrypt.GenerateFromPassword([]byte("secret"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	certificate, authority := selfSigned(t)
	key, err := x509.MarshalPKCS8PrivateKey(certificate.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})),
		"web.yml", "tls_server_config: {cert_file: '"+authority+"', key_file: key.pem}\nbasic_auth_users: {anna: "+string(hash)+"}\n",
		"client.yml", "basic_auth: {username: anna, password: secret}\ntls_config: {ca_file: '"+authority+"'}\n",
		"prometheus.yml", "global: {evaluation_interval: 200ms}\nrule_files: [rules.yml]\n", "rules.yml", fmt.Sprintf(oneRule, "Fires"))
	s := start(t, dir, "--config.file=prometheus.yml", "--web.config.file=web.yml")
	address, tls := strings.CutPrefix(s.url, "https://")
	if !tls {
		t.Fatalf("it serves %s", s.url)
	}
	if response, err := http.Get("http://" + address + "/-/healthy"); err == nil {
		_ = response.Body.Close()
		if response.StatusCode != http.StatusBadRequest {
			t.Errorf("without TLS: %s", response.Status)
		}
	}
	for _, c := range []struct {
		want string
		tool []string
	}{
		{"Fires", []string{"promtool", "query", "instant", "https://anna:secret@" + address, "ALERTS"}},
		{"Fires", []string{"amtool", "--alertmanager.url=https://" + address, "--http.config.file=client.yml", "alert", "query"}},
	} {
		tool := c.tool[0]
		if _, err := exec.LookPath(tool); err != nil {
			t.Logf("%s is not there", tool)
			continue
		}
		eventually(t, tool, func() error {
			cmd := exec.Command(tool, c.tool[1:]...)
			cmd.Dir, cmd.Env = dir, append(os.Environ(), "SSL_CERT_FILE="+authority)
			out, err := cmd.CombinedOutput()
			if err == nil && !strings.Contains(string(out), c.want) {
				err = fmt.Errorf("it says %q", out)
			}
			return err
		})
	}
}

// TestSecrets puts a secret wherever files have one, and looks for it in what the
// API shows.
func TestSecrets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "prometheus.yml", `
global: {external_labels: {a: b}}
scrape_configs:
  - {job_name: basic, basic_auth: {username: u, password: HIDDEN}, static_configs: [{targets: ['127.0.0.1:1']}]}
  - {job_name: bearer, authorization: {credentials: HIDDEN}, static_configs: [{targets: ['127.0.0.1:1']}]}
  - job_name: sd
    http_sd_configs: [{url: 'http://u:HIDDEN@127.0.0.1:1/sd'}]
remote_write:
  - {url: 'http://u:HIDDEN@127.0.0.1:1/write'}
  - {url: 'http://127.0.0.1:1/other', basic_auth: {username: u, password: HIDDEN}}
`, "alertmanager.yml", `
global: {smtp_auth_password: HIDDEN, slack_api_url: 'http://127.0.0.1/HIDDEN', smtp_smarthost: 'localhost:25', smtp_from: a@example.com}
route: {receiver: all}
receivers:
  - name: all
    slack_configs: [{channel: a}]
    email_configs: [{to: b@example.com, auth_password: HIDDEN}]
    webhook_configs: [{url: 'http://u:HIDDEN@127.0.0.1:1/'}]
    pagerduty_configs: [{routing_key: HIDDEN}]
`, "token", "HIDDEN-HIDDEN-HIDDEN")
	s := start(t, dir, "--config.file=prometheus.yml", "--alertmanager.config.file=alertmanager.yml")
	for _, path := range []string{
		"/api/v1/status/config", "/api/v1/status/flags", "/api/v1/status/runtimeinfo", "/api/v1/targets", "/api/v1/scrape_pools",
		"/api/v1/alertmanagers", "/api/v2/status", "/api/v2/receivers", "/metrics",
	} {
		if text := s.get(path); strings.Contains(text, "HIDDEN") {
			t.Errorf("%s shows a secret:\n%s", path, text)
		}
	}
	wants(t, s.get("/api/v1/status/config"), "username: u", "secret\\u003e")
	// What could delete data or end us is off.
	for _, path := range []string{"/api/v1/admin/tsdb/delete_series?match[]=up", "/api/v1/admin/tsdb/snapshot", "/-/quit"} {
		if code, _ := s.ask(http.MethodPost, path, ""); code < 400 {
			t.Errorf("POST %s: %d", path, code)
		}
	}
}

// TestPageToken asks for what is the user's own where everybody on this machine may ask.
func TestPageToken(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	for path, want := range map[string]int{
		"/api/apps": 401, "/api/reports": 401, "/api/about": 200, "/api/v1/alerts": 200, "/api/v2/alerts": 200, "/api/v3/x": 401, "/api/": 401, "/live": 200,
	} {
		if code := s.as(t, s.url+path); code != want {
			t.Errorf("%s: %d, want %d", path, code, want)
		}
		if code := s.as(t, s.url+path, "Authorization", "Bearer 0123456789abcdef"); code != want {
			t.Errorf("%s with a wrong token: %d, want %d", path, code, want)
		}
	}
	response, err := http.Post(s.url+"/api/apps/server/restart", "application/json", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if _ = response.Body.Close(); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("a restart: %d", response.StatusCode)
	}

	dir := t.TempDir()
	write(t, dir, "token", "0123456789abcdef\n")
	s = start(t, dir, "--web.token-file=token")
	for _, path := range []string{"/api/apps", "/api/reports", "/api/about", "/api/v1/alerts"} {
		if code := s.as(t, s.url+path, "Authorization", "Bearer 0123456789abcdef"); code != 200 {
			t.Errorf("%s with the token: %d", path, code)
		}
	}
}
