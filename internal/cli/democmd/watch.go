package democmd

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// freeAddress is one that nobody listens at.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// ask asks Prometheus' API.
func (s *stage) ask(path string, query url.Values, data any) error {
	request, err := http.NewRequestWithContext(s.ctx, http.MethodGet, "http://"+s.monitor+"/api/v1/"+path+"?"+query.Encode(), http.NoBody)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer := struct {
		Error string
		Data  any
	}{Data: data}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return fmt.Errorf("GET %s: %w", path, err)
	}
	if answer.Error != "" {
		return fmt.Errorf("GET %s: %s", path, answer.Error)
	}
	return nil
}

// until asks every second until something is so.
func (s *stage) until(what string, is func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if yes, err := is(); yes || err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", what, ctx.Err())
		}
	}
}

// targets waits until what is scraped is up.
func (s *stage) targets() error {
	var list struct {
		ActiveTargets []struct {
			ScrapeURL, Health string
			Labels            map[string]string
		}
	}
	err := s.until("targets that are up", func() (bool, error) {
		if err := s.ask("targets", nil, &list); err != nil {
			return false, err
		}
		up := 0
		for _, t := range list.ActiveTargets {
			if t.Health == "up" {
				up++
			}
		}
		return up == 2, nil
	})
	if err != nil {
		return err
	}
	var lines []string
	for _, t := range list.ActiveTargets {
		lines = append(lines, fmt.Sprintf("%-16s %s  %s", t.Labels["job"], strings.ToUpper(t.Health), t.ScrapeURL))
	}
	s.quote(strings.Join(lines, "\n"))
	return nil
}

const highMemory = "High memory Usage" // the rule of alerts.yml

// alerted tells the way of the alert: pending, firing, mailed, mailed with the finding.
func (s *stage) alerted() error {
	told := ""
	err := s.until("the alert", func() (bool, error) {
		var list struct {
			Alerts []struct {
				State, Value string
				Labels       map[string]string
			}
		}
		if err := s.ask("alerts", nil, &list); err != nil {
			return false, err
		}
		for _, a := range list.Alerts {
			if a.Labels["alertname"] == highMemory && a.State != told {
				told = a.State
				value, _ := strconv.ParseFloat(a.Value, 64)
				fmt.Fprintf(s.ui.Out, "  %s  %-8s %s, %.0f\n", time.Now().Format(time.TimeOnly), told, highMemory, value)
			}
		}
		return told == "firing", nil
	})
	if err != nil {
		return err
	}
	first, err := s.mailbox.wait(s.ctx, func(l letter) bool { return strings.Contains(l.Subject, highMemory) })
	if err != nil {
		return err
	}
	fmt.Fprintf(s.ui.Out, "  %s  mail     %s\n\n", time.Now().Format(time.TimeOnly), first.Subject)
	s.say("When it fired, plumb run was asked what leaks: a snapshot, compared with the one from the start. What is found while Alertmanager waits for others of the group (here a second) is in the mail, else in that of plumb's own alert.")
	second, err := s.mailbox.wait(s.ctx, func(l letter) bool { return strings.Contains(l.Text, "plumb_finding") })
	if err != nil {
		return err
	}
	fmt.Fprintf(s.ui.Out, "  %s\n", s.dim("Subject: "+second.Subject))
	s.quote(strings.Join(regexp.MustCompile(`(?m)^(description|plumb_\w+) = .*$`).FindAllString(second.Text, -1), "\n"))
	return s.graph("nodejs_external_memory_bytes")
}

// resolved waits for the mail that says that it is over.
func (s *stage) resolved() error {
	l, err := s.mailbox.wait(s.ctx, func(l letter) bool { return strings.HasPrefix(l.Subject, "[RESOLVED] "+highMemory) })
	if err != nil {
		return err
	}
	s.say("The new process has little memory, and the alert is over:")
	s.quote("Subject: " + l.Subject)
	return nil
}

// graph draws what Prometheus has stored of a metric since the demo began.
func (s *stage) graph(metric string) error {
	now := time.Now()
	var answer struct {
		Result []struct{ Values [][2]any }
	}
	since := min(now.Sub(s.begun), time.Minute)
	err := s.ask("query_range", url.Values{
		"query": {metric}, "step": {"1"},
		"start": {strconv.FormatInt(now.Add(-since).Unix(), 10)}, "end": {strconv.FormatInt(now.Unix(), 10)},
	}, &answer)
	if err != nil || len(answer.Result) == 0 {
		return err
	}
	var values []float64
	for _, point := range answer.Result[0].Values {
		text, _ := point[1].(string)
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return err
		}
		values = append(values, v)
	}
	first, last := values[0], values[len(values)-1]
	s.quote(fmt.Sprintf("%s\n%s  %.1f MB → %.1f MB in %d s", metric, sparkline(values), first/1e6, last/1e6, len(values)))
	return nil
}

// sparkline draws values by eighths of the largest.
func sparkline(values []float64) string {
	most := 0.0
	for _, v := range values {
		most = max(most, v)
	}
	var b strings.Builder
	for _, v := range values {
		b.WriteRune([]rune("▁▂▃▄▅▆▇█")[min(7, int(v/most*8))])
	}
	return b.String()
}
