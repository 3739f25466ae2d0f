//go:build conformance

package monitor

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestConformanceNotices gives both stacks the same alerts and compares what their
// receivers are told. Steps stand further apart than group_interval and the
// evaluation together, so that each falls into a notification of its own.
func TestConformanceNotices(t *testing.T) {
	tg := startTarget(t)
	tg.set("nag", "shop", "1", false)
	stacks := []*stack{startDebian(t, tg.server.Listener.Addr().String()), startPlumb(t, build(t), tg.server.Listener.Addr().String(), "")}
	for _, s := range stacks {
		wait(t, s.name+" scrapes", func() bool { return query(t, s, "signal") > 0 })
	}
	silences := map[*stack]string{}
	timeline := []struct {
		what string
		do   func()
	}{
		{"two of one group, one of another that is silenced, one that only waits", func() {
			for _, s := range stacks {
				silences[s] = amtool(t, s, "silence", "add", "app=quiet", "--duration=10m", "--comment=maintenance", "--author=somebody")
			}
			tg.set("slow", "shop", "1", true)
			tg.set("slow", "shop", "2", true)
			tg.set("slow", "quiet", "1", true)
			tg.set("brief", "shop", "1", true)
			tg.set("nag", "shop", "1", true)
		}},
		{"a third joins the group", func() { tg.set("slow", "shop", "3", true) }},
		{"one of them ends; the one that nags as well", func() { tg.set("slow", "shop", "2", false) }},
		{"an alert that inhibits another one's warnings", func() {
			tg.set("nag", "shop", "1", false)
			tg.set("down", "cart", "1", true)
			tg.set("down", "cart", "2", true)
			tg.set("down", "cart", "3", true)
		}},
		{"the warnings, which nobody hears of", func() { tg.set("slow", "cart", "1", true) }},
		{"the one that inhibits ends", func() {
			tg.set("down", "cart", "1", false)
			tg.set("down", "cart", "2", false)
			tg.set("down", "cart", "3", false)
		}},
		{"the silence ends", func() {
			for _, s := range stacks {
				amtool(t, s, "silence", "expire", silences[s])
			}
		}},
		{"all end", func() {
			for _, app := range []string{"shop", "cart", "quiet"} {
				for _, instance := range []string{"1", "2", "3"} {
					tg.set("slow", app, instance, false)
				}
			}
		}},
	}
	told := map[string]int{}
	for _, step := range timeline {
		step.do()
		time.Sleep(13 * time.Second) // what is compared is what timers do
		want, got := stacks[0].notices.take(), stacks[1].notices.take()
		t.Logf("%s: %d notifications", step.what, len(want))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: - debian, + plumb\n%s", step.what, diff)
		}
		for _, one := range want {
			receiver, _, _ := strings.Cut(one, ":")
			told[receiver]++
		}
	}
	t.Logf("compared notifications: %v", told)
	for _, receiver := range []string{"hook", "nag", "pager", "mail"} {
		if told[receiver] == 0 {
			t.Errorf("%s was told nothing: it tests nothing", receiver)
		}
	}
}

// query counts the series that an expression has.
func query(t *testing.T, s *stack, expression string) int {
	t.Helper()
	response, err := http.Get(s.prometheus + "/api/v1/query?query=" + url.QueryEscape(expression))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var said struct{ Data struct{ Result []any } }
	if err := json.Unmarshal(body, &said); err != nil {
		t.Fatalf("%s: %v: %s", s.name, err, body)
	}
	return len(said.Data.Result)
}

// amtool runs Debian's amtool against a stack.
func amtool(t *testing.T, s *stack, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "amtool", append(args, "--alertmanager.url="+s.alertmanager)...).Output()
	if err != nil {
		t.Errorf("%s: amtool %v: %v\n%s", s.name, args, err, out)
	}
	return strings.TrimSpace(string(out))
}
