package monitor

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/alertmanager/dispatch"
	"github.com/prometheus/common/model"
)

// Summary is what the files say, and where we are. It is shown as JSON.
type Summary struct {
	URL       string   `json:"url,omitempty"` // "" when the files were only checked
	Jobs      []string `json:"jobs"`
	Alerts    int      `json:"alerts"`
	Builtin   int      `json:"builtinAlerts"`
	Records   int      `json:"records"`
	RuleFiles []string `json:"ruleFiles"`
	Embedded  []string `json:"embeddedAlertmanager"`  // addresses that it answers for
	External  []string `json:"externalAlertmanagers"` // addresses of this machine where another one answers
	Receivers []string `json:"receivers"`
	Writes    []string `json:"remoteWrite"`
	Storage   string   `json:"storage,omitempty"`
	Retention string   `json:"retention,omitempty"`
}

// summary tells what the files say, as values and as text.
func (s *Server) summary(f *files, ours []string) (any, string) {
	sum := Summary{Jobs: []string{}, RuleFiles: []string{}, Embedded: append([]string{}, ours...), External: []string{}, Receivers: []string{}, Writes: []string{}}
	for _, job := range f.scrapes {
		sum.Jobs = append(sum.Jobs, job.JobName)
	}
	for _, to := range f.RemoteWriteConfigs {
		sum.Writes = append(sum.Writes, to.URL.Redacted())
	}
	for _, file := range f.rules {
		alerts, records := file.count()
		if isBuiltin(file.path) {
			sum.Builtin += alerts
			continue
		}
		sum.RuleFiles = append(sum.RuleFiles, file.path)
		sum.Alerts += alerts
		sum.Records += records
	}
	if s.options.AlertmanagerConfigFile != "" {
		f.receivers.root.Walk(func(r *dispatch.Route) {
			if !slices.Contains(sum.Receivers, r.RouteOpts.Receiver) {
				sum.Receivers = append(sum.Receivers, r.RouteOpts.Receiver)
			}
		})
	}
	for _, address := range localAlertmanagers(f.Config) {
		if !s.options.Check && !slices.Contains(ours, address) {
			sum.External = append(sum.External, address)
		}
	}
	if !s.options.Check {
		sum.URL = s.external.String()
		sum.Retention = model.Duration(time.Duration(f.StorageConfig.TSDBConfig.Retention.Time)).String()
		sum.Storage = s.options.storage()
	}
	return sum, sum.text(s.options.Agent)
}

// text is the summary for people.
func (s *Summary) text(agent bool) string {
	var b strings.Builder
	if s.URL != "" {
		fmt.Fprintf(&b, "Monitoring at %s\n", s.URL)
	} else {
		b.WriteString("The configuration is valid.\n")
	}
	fmt.Fprintf(&b, "  jobs    %s\n", list(s.Jobs, "none: nothing is scraped"))
	switch {
	case agent: // has none
	case s.Alerts+s.Records > 0:
		fmt.Fprintf(&b, "  rules   %s, from %s", counted(s.Alerts, s.Records), strings.Join(s.RuleFiles, ", "))
		if s.Builtin > 0 {
			fmt.Fprintf(&b, "; and the %d built-in ones for Node.js programs", s.Builtin)
		}
		b.WriteByte('\n')
	case s.Builtin > 0:
		fmt.Fprintf(&b, "  rules   the %d built-in alerts for Node.js programs\n", s.Builtin)
	default:
		b.WriteString("  rules   none: nobody will be alerted\n")
	}
	if len(s.Embedded) > 0 {
		fmt.Fprintf(&b, "  alerts  the embedded Alertmanager answers for %s\n", strings.Join(s.Embedded, ", "))
	}
	if len(s.External) > 0 {
		fmt.Fprintf(&b, "  alerts  sent to %s\n", strings.Join(s.External, ", "))
	}
	if len(s.External) == 0 && s.Alerts+s.Builtin > 0 {
		fmt.Fprintf(&b, "  notify  %s\n", list(s.Receivers, "nobody: that takes an --alertmanager.config.file"))
	}
	if len(s.Writes) > 0 || agent {
		fmt.Fprintf(&b, "  writes  to %s\n", list(s.Writes, "nobody: an agent needs remote_write in its file"))
	}
	switch {
	case s.URL == "": // only checked
	case agent:
		fmt.Fprintf(&b, "  data    in %s, until it is written\n", s.Storage)
	case s.Storage == "":
		b.WriteString("  data    kept until this ends; --storage.tsdb.path keeps it\n")
	default:
		fmt.Fprintf(&b, "  data    in %s, kept for %s\n", s.Storage, s.Retention)
	}
	return b.String()
}

// counted is "1 alert and 2 recorded series", without what there is none of.
func counted(alerts, records int) string {
	var parts []string
	switch {
	case alerts == 1:
		parts = append(parts, "1 alert")
	case alerts > 1:
		parts = append(parts, fmt.Sprintf("%d alerts", alerts))
	}
	if records > 0 {
		parts = append(parts, fmt.Sprintf("%d recorded series", records))
	}
	return strings.Join(parts, " and ")
}

func list(names []string, none string) string {
	if len(names) == 0 {
		return none
	}
	return strings.Join(names, ", ")
}
