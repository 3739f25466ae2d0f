package monitor

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/common/promslog"
)

// TestPlaces has the libraries' own faults told with file and line.
func TestPlaces(t *testing.T) {
	const (
		jobs  = "scrape_configs:\n  - job_name: a\n"
		route = "route:\n  receiver: all\n"
		all   = "receivers:\n  - name: all\n"
	)
	for _, c := range []struct{ name, file, text, want string }{
		{"a field", "p.yml", "scrape_config: []\n", "p.yml:1: field scrape_config not found"},
		{"syntax", "p.yml", "global:\n\tx: 1\n", "p.yml:2: found character that cannot start any token"},
		{"a job twice", "p.yml", jobs + "  - job_name: a\n", `p.yml:3: found multiple scrape configs with job name "a"`},
		{"a timeout", "p.yml", jobs + "    scrape_interval: 5s\n    # long\n    scrape_timeout: 10s\n", "p.yml:5: scrape timeout greater than scrape interval"},
		{"a regexp", "p.yml", jobs + "    relabel_configs:\n      - regex: '('\n        target_label: x\n", "p.yml:4: error parsing regexp"},
		{"an action", "p.yml", jobs + "    relabel_configs:\n      - action: x\n        target_label: x\n", `p.yml:4: unknown relabel action "x"`},
		{"a target", "p.yml", jobs + "    static_configs:\n      - targets:\n          - localhost:1\n          - http://localhost:2\n", `p.yml:6: "http://localhost:2" is not a valid hostname`},
		{"a duration", "p.yml", "global:\n  scrape_interval: 5 s\n", "p.yml:2: unknown unit"},
		{"remote_write", "p.yml", "remote_write:\n  - url: http://a/\n  - name: b\n", "p.yml:3: url for remote_write is empty"},
		{"a certificate", "p.yml", jobs + "    tls_config:\n      ca_file: none.pem\n", "p.yml:4: job a: unable to read CA cert"},
		{"a file of jobs", "p.yml", "scrape_config_files: [jobs.yml]\n", "jobs.yml:3: unknown unit"},
		{"a pattern", "p.yml", "rule_files: ['[.yml']\n", "load rules of [.yml: syntax error in pattern"},
		{"a rule", "p.yml", "rule_files: [r*.yml]\n", `rules.yml:5:15: group "g", rule 1, "A": could not parse expression: 1:6: parse error: unexpected end of input; ` +
			`rules.yml:8: group "g", rule 2, "B": annotation "x": template: __alert_B:1: unclosed action`},

		{"no route", "a.yml", all, "a.yml:1: no routes provided"},
		{"a receiver", "a.yml", "route:\n  receiver: all\n  routes:\n    - receiver: team\n" + all, `a.yml:4: undefined receiver "team" used in route`},
		{"the receiver", "a.yml", "route:\n  receiver: team\n" + all, `a.yml:2: undefined receiver "team" used in route`},
		{"a receiver twice", "a.yml", route + all + "  - name: all\n", `a.yml:5: notification config name "all" is not unique`},
		{"a time interval", "a.yml", route + "  routes:\n    - receiver: all\n      mute_time_intervals: [nights]\n" + all, `a.yml:5: undefined time interval "nights" used in route`},
		{"a time", "a.yml", route + all + "time_intervals:\n  - name: nights\n    time_intervals:\n      - times:\n          - start_time: '25:00'\n            end_time: '26:00'\n", "a.yml:9: couldn't parse timestamp 25:00"},
		{"group_by", "a.yml", route + "  group_by: [x, x]\n" + all, `a.yml:3: duplicated label "x" in group_by`},
		{"a matcher", "a.yml", route + "  routes:\n    - matchers: ['a=b', 'a ~ b']\n" + all, "a.yml:4: bad matcher format: a ~ b"},
		{"inhibition", "a.yml", route + all + "inhibit_rules:\n  - target_matchers: ['a=b']\n    source_matchers: ['=x']\n", "a.yml:7: bad matcher format: =x"},
		{"a mail", "a.yml", route + all + "    email_configs:\n      - to: a@example.com\n", "a.yml:6: no global SMTP smarthost set"},
		{"two webhooks", "a.yml", route + all + "    webhook_configs:\n      - url: http://a/\n      - max_alerts: 1\n      - max_alerts: 2\n", "a.yml:7: one of url or url_file must be configured"},
		{"a password", "a.yml", "route: {receiver: a}\nreceivers:\n  - name: a\n    webhook_configs:\n      - url: http://a/\n        http_config:\n          basic_auth: {username: a, password: a, password_file: a}\n", "a.yml:7: at most one of basic_auth password"},
		{"a template", "a.yml", route + all + "templates:\n  - none.tmpl\n  - bad.tmpl\n", "a.yml:7: template: bad.tmpl:2: unclosed action"},
		{"the CA of a receiver", "a.yml", route + all + "    webhook_configs:\n      - url: https://a/\n        http_config: {tls_config: {ca_file: none.pem}}\n", "a.yml:7: unable to read CA cert"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range map[string]string{
				"p.yml": "{}\n", "a.yml": route + all, c.file: c.text,
				"jobs.yml": "scrape_configs:\n  - job_name: b\n    scrape_interval: 5x\n",
				"rules.yml": "groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: up ==\n      - alert: B\n        expr: up\n" +
					"        annotations: {x: '{{ $labels'}\n",
				"bad.tmpl": "{{ define \n",
			} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			s, err := newServer(Options{
				ConfigFile: filepath.Join(dir, "p.yml"), AlertmanagerConfigFile: filepath.Join(dir, "a.yml"), Alertmanager: string(Embedded), LogLevel: "error", Log: t.Output(),
			})
			if err != nil {
				t.Fatal(err)
			}
			s.log = promslog.NewNopLogger()
			_, err = s.load()
			if err == nil {
				t.Fatal("it is read")
			}
			if got := strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), ""); !strings.Contains(got, c.want) {
				t.Errorf("%s\nwant %s", got, c.want)
			}
			var worded *Error
			if !errors.As(err, &worded) || worded.Hint == "" || !strings.HasPrefix(c.name, "a pattern") && !errors.Is(err, ErrConfig) {
				t.Errorf("%#v", err)
			}
		})
	}
}
