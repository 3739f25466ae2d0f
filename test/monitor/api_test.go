//go:build conformance

package monitor

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A question is a request that Grafana's data sources, or a person's scripts,
// put to Prometheus or Alertmanager.
type question struct {
	method, path string
	form         url.Values // in the URL of a GET, in the body of a POST
	compare      comparison
}

// A comparison says what must be the same, since values may differ between two
// servers, and words between two versions.
type comparison int

const (
	values comparison = iota // names and values
	shape                    // names and types
	status                   // the code and the kind of error
)

// grafana is what its two data sources ask, as their documentation and their source
// have it (grafana-prometheus, 12 and 13): the test of a data source, the query editor's
// helpers with their limits, panels, exemplars, the alerting pages. It was not recorded.
func grafana(start, end time.Time) []question {
	at := func(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }
	span := func(more ...string) url.Values {
		form := url.Values{"start": {at(start)}, "end": {at(end)}}
		for i := 0; i < len(more); i += 2 {
			form.Add(more[i], more[i+1])
		}
		return form
	}
	instant := func(expression string) url.Values {
		return url.Values{"query": {expression}, "time": {at(end)}}
	}
	ranged := func(expression string) url.Values { return span("query", expression, "step", "1") }
	post, get := http.MethodPost, http.MethodGet
	return []question{
		{post, "/api/v1/query", instant("1+1"), values},
		{get, "/api/v1/query", instant("signal"), values},
		{post, "/api/v1/query", instant("signal"), values},
		{post, "/api/v1/query", instant("sum by (app) (signal) / count by (app) (signal)"), values},
		{post, "/api/v1/query", instant("histogram_quantile(0.9, work_seconds_bucket)"), values},
		{post, "/api/v1/query", instant("app:signal:sum"), values},
		{post, "/api/v1/query", instant(`absent(nothing{job="x"})`), values},
		{post, "/api/v1/query", instant("signal["), status},
		{post, "/api/v1/query", instant("dropped_total"), values},
		{post, "/api/v1/query_range", ranged("signal"), values},
		{get, "/api/v1/query_range", ranged(`max_over_time(signal{kind="slow"}[5s])`), values},
		{post, "/api/v1/query_range", span("query", "signal", "step", "0"), status},
		{post, "/api/v1/query_exemplars", ranged("signal"), values},
		{get, "/api/v1/labels", span(), values},
		{post, "/api/v1/labels", span("match[]", "signal"), values},
		{get, "/api/v1/label/app/values", span("match[]", `{__name__="signal"}`), values},
		{get, "/api/v1/label/__name__/values", span("match[]", `{job="signals",__name__!~"scrape_.*|up"}`), values},
		{get, "/api/v1/label//values", nil, status},
		{get, "/api/v1/series", span("match[]", "signal"), values},
		{post, "/api/v1/series", span("match[]", `{app="shop"}`), values},
		{get, "/api/v1/series", nil, status},
		{get, "/api/v1/labels", span("limit", "40000"), values},
		{get, "/api/v1/labels", span("limit", "40000", "match[]", `{job="signals"}`), values},
		{get, "/api/v1/label/app/values", span("limit", "40000", "match[]", "signal"), values},
		{get, "/api/v1/label/U__app_2e_kind/values", span("limit", "40000"), values},
		{get, "/api/v1/series", span("limit", "40000", "match[]", `{__name__="signal",app!=""}`), values},
		{get, "/api/v1/metadata", url.Values{"limit": {"10"}}, values},
		{get, "/api/v1/metadata", url.Values{"metric": {"signal"}}, values},
		{get, "/api/v1/targets", url.Values{"state": {"active"}}, shape},
		{get, "/api/v1/targets/metadata", url.Values{"metric": {"signal"}}, shape},
		{get, "/api/v1/rules", nil, shape},
		{get, "/api/v1/rules", url.Values{"type": {"alert"}}, shape},
		{get, "/api/v1/alerts", nil, shape},
		{get, "/api/v1/alertmanagers", nil, shape},
		{get, "/api/v1/status/buildinfo", nil, shape},
		{get, "/api/v1/status/runtimeinfo", nil, shape},
		{get, "/api/v1/status/config", nil, shape},
		{get, "/api/v1/status/flags", nil, status},
		{get, "/api/v1/status/tsdb", nil, shape},
		{get, "/api/v1/status/walreplay", nil, shape},
		{get, "/api/v1/format_query", url.Values{"query": {"sum(signal)by(app)"}}, values},
		{get, "/api/v1/nothing", nil, shape},
		{post, "/api/v1/admin/tsdb/snapshot", nil, status},
		{get, "/federate", url.Values{"match[]": {"nothing"}}, shape},
	}
}

// alertmanager is what Grafana's second data source asks.
func alertmanager() []question {
	get := http.MethodGet
	return []question{
		{get, "/api/v2/status", nil, shape},
		{get, "/api/v2/receivers", nil, values},
		{get, "/api/v2/alerts", url.Values{"active": {"true"}, "silenced": {"true"}, "inhibited": {"true"}}, shape},
		{get, "/api/v2/alerts", url.Values{"filter": {`app="shop"`}}, shape},
		{get, "/api/v2/alerts", url.Values{"filter": {`app="`}}, shape},
		{get, "/api/v2/alerts/groups", url.Values{"receiver": {"hook"}}, shape},
		{get, "/api/v2/silences", nil, shape},
		{get, "/api/v2/silence/00000000-0000-0000-0000-000000000000", nil, status},
	}
}

// TestConformanceAPI puts Grafana's questions, promtool's and amtool's to both.
func TestConformanceAPI(t *testing.T) {
	tg := startTarget(t)
	tg.set("slow", "shop", "1", true)
	tg.set("slow", "cart", "1", false)
	address := tg.server.Listener.Addr().String()
	debian, plumb := startDebian(t, address), startPlumb(t, build(t), address, "")
	for _, s := range []*stack{debian, plumb} {
		wait(t, s.name+" fires", func() bool { return query(t, s, `ALERTS{alertstate="firing"}`) > 0 && hears(t, s) })
	}
	start := time.Now().Add(time.Second) // both have all series by now, so that answers about later are the same
	time.Sleep(5 * time.Second)          // the span of the range queries, as long as a test's patience
	asked := 0
	ask := func(q question, a, b string) {
		asked++
		name := q.method + " " + q.path + "?" + q.form.Encode()
		want, got := answer(t, q, a), answer(t, q, b)
		if want.code != got.code || want.media != got.media {
			t.Errorf("%s\n  debian %d %s\n  plumb  %d %s %s", name, want.code, want.media, got.code, got.media, got.text)
			return
		}
		for _, difference := range differences(want.body, got.body, q.compare) {
			t.Errorf("%s\n  %s", name, difference)
		}
	}
	for _, q := range grafana(start, time.Now().Add(-time.Second)) {
		ask(q, debian.prometheus, plumb.prometheus)
	}
	for _, q := range alertmanager() {
		ask(q, debian.alertmanager, plumb.alertmanager)
	}
	for _, command := range commands(start) {
		asked++
		want, got := command.run(t, debian), command.run(t, plumb)
		if want != got {
			t.Errorf("%s\n  debian %s\n  plumb  %s", strings.Join(command.args, " "), want, got)
		}
	}
	t.Logf("compared %d answers", asked)
}

// hears tells whether the alert has come to the Alertmanager.
func hears(t *testing.T, s *stack) bool {
	list, _ := answer(t, question{http.MethodGet, "/api/v2/alerts", nil, values}, s.alertmanager).body.([]any)
	return len(list) > 0
}

type reply struct {
	code  int
	media string
	text  string
	body  any
}

func answer(t *testing.T, q question, base string) reply {
	t.Helper()
	address, body := base+q.path, ""
	if q.method == http.MethodPost {
		body = q.form.Encode()
	} else if len(q.form) > 0 {
		address += "?" + q.form.Encode()
	}
	request, err := http.NewRequestWithContext(t.Context(), q.method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	r := reply{code: response.StatusCode, text: string(text)}
	r.media, _, _ = strings.Cut(response.Header.Get("Content-Type"), ";")
	if r.media == "application/json" {
		if err := json.Unmarshal(text, &r.body); err != nil {
			t.Errorf("%s: %v: %s", address, err, text)
		}
	}
	return r
}

// differences compares two answers.
func differences(want, got any, c comparison) []string {
	if c == status {
		a, _ := want.(map[string]any)
		b, _ := got.(map[string]any)
		return lacks(".errorType", a["errorType"], b["errorType"], false)
	}
	return lacks("", want, got, c == shape)
}

// sorted puts an array of objects in an order of its own: servers promise none.
func sorted(array []any) []any {
	text := func(v any) string {
		b, _ := json.Marshal(v)
		return string(b)
	}
	array = slices.Clone(array)
	slices.SortFunc(array, func(a, b any) int { return strings.Compare(text(a), text(b)) })
	return array
}

// lacks names what one answer has and another one has not. A newer server may say
// more.
func lacks(path string, want, got any, shape bool) []string {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return []string{fmt.Sprintf("%s: %T where an object was", path, got)}
		}
		var list []string
		for name, value := range want {
			if _, there := object[name]; !there {
				list = append(list, path+"."+name+" is not there")
				continue
			}
			list = append(list, lacks(path+"."+name, value, object[name], shape)...)
		}
		return list
	case []any:
		array, ok := got.([]any)
		if !ok {
			return []string{fmt.Sprintf("%s: %T where an array was", path, got)}
		}
		if shape {
			if len(want) == 0 || len(array) == 0 {
				return nil
			}
			return lacks(path+"[0]", want[0], array[0], shape)
		}
		if len(want) != len(array) {
			return []string{fmt.Sprintf("%s: %d elements where %d were: %v, %v", path, len(array), len(want), array, want)}
		}
		var list []string
		want, array = sorted(want), sorted(array)
		for i := range want {
			list = append(list, lacks(fmt.Sprintf("%s[%d]", path, i), want[i], array[i], shape)...)
		}
		return list
	}
	if shape {
		if a, b := fmt.Sprintf("%T", want), fmt.Sprintf("%T", got); a != b {
			return []string{fmt.Sprintf("%s: %s where %s was", path, b, a)}
		}
		return nil
	}
	if want != got {
		return []string{fmt.Sprintf("%s: %v where %v was", path, got, want)}
	}
	return nil
}

// A command is a run of promtool or amtool. PROMETHEUS and ALERTMANAGER stand for
// the stack's addresses.
type command struct {
	args []string
	keep func(line string) bool // the lines of its output that must be the same; nil for none: it must only end well
	own  bool                   // asked with the amtool of the stack's own version
}

func commands(start time.Time) []command {
	all := func(string) bool { return true }
	names := func(line string) bool { return !strings.Contains(line, "scrape_") }
	at := start.Format(time.RFC3339)
	return []command{ // an amtool before 0.26 cannot read a configuration whose webhooks are hidden
		{[]string{"promtool", "check", "healthy", "--url=PROMETHEUS"}, nil, false},
		{[]string{"promtool", "check", "ready", "--url=PROMETHEUS"}, nil, false},
		{[]string{"promtool", "query", "instant", "--time=" + at, "PROMETHEUS", "sum(signal)"}, all, false},
		{[]string{"promtool", "query", "range", "--start=" + at, "--end=" + at, "--step=1s", "PROMETHEUS", "signal"}, all, false},
		{[]string{"promtool", "query", "series", "--match=signal", "PROMETHEUS"}, all, false},
		{[]string{"promtool", "query", "labels", "PROMETHEUS", "app"}, names, false},
		{[]string{"promtool", "query", "instant", "PROMETHEUS", "sum("}, all, false},
		{[]string{"amtool", "alert", "query", "--alertmanager.url=ALERTMANAGER", "-o", "simple"}, first, false},
		{[]string{"amtool", "silence", "query", "--alertmanager.url=ALERTMANAGER"}, all, false},
		{[]string{"amtool", "silence", "add", "app=other", "--author=a", "--comment=c", "--alertmanager.url=ALERTMANAGER"}, nil, false},
		{[]string{"amtool", "alert", "add", "Own", "app=other", "--alertmanager.url=ALERTMANAGER"}, all, false},
		{[]string{"amtool", "config", "routes", "test", "severity=critical", "--alertmanager.url=ALERTMANAGER"}, all, true},
		{[]string{"amtool", "config", "routes", "show", "--alertmanager.url=ALERTMANAGER"}, all, true},
		{[]string{"amtool", "config", "show", "--alertmanager.url=ALERTMANAGER"}, nil, true},
		{[]string{"amtool", "cluster", "show", "--alertmanager.url=ALERTMANAGER"}, nil, false},
	}
}

// first keeps the column that has no times.
func first(line string) bool { return strings.HasPrefix(line, "Slow") }

// run says how the command ended and which lines it printed.
func (c command) run(t *testing.T, s *stack) string {
	t.Helper()
	tool := c.args[0]
	if c.own && s.amtool != "" {
		tool = s.amtool
	}
	var args []string
	for _, arg := range c.args[1:] {
		arg = strings.ReplaceAll(strings.ReplaceAll(arg, "ALERTMANAGER", s.alertmanager), "PROMETHEUS", s.prometheus)
		args = append(args, arg)
	}
	out, err := exec.CommandContext(t.Context(), tool, args...).Output()
	said := []string{fmt.Sprint(err)}
	for line := range strings.Lines(string(out)) {
		if c.keep != nil && c.keep(line) {
			line = strings.NewReplacer(s.prometheus, "", s.alertmanager, "").Replace(strings.TrimSpace(line))
			if fields := strings.Fields(line); strings.HasPrefix(line, "Slow") { // then the time of its start
				line = fields[0]
			}
			said = append(said, line)
		}
	}
	return strings.Join(slices.Clip(said), "\n  ")
}

// TestConformanceData has promtool read the data that plumb has written.
func TestConformanceData(t *testing.T) {
	tg := startTarget(t)
	tg.set("slow", "shop", "1", true)
	s := startPlumb(t, build(t), tg.server.Listener.Addr().String(), "")
	wait(t, "a sample", func() bool { return query(t, s, "signal") > 0 })
	out, err := exec.CommandContext(t.Context(), "promtool", "tsdb", "dump", filepath.Join(s.dir, "data")).CombinedOutput()
	if err != nil || !strings.Contains(string(out), `app="shop"`) {
		t.Errorf("promtool tsdb dump: %v\n%s", err, out)
	}
}
