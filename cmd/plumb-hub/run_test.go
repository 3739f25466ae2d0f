package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// buildPlumb builds the program that users call.
func buildPlumb(t *testing.T) string {
	t.Helper()
	plumb := filepath.Join(t.TempDir(), "plumb")
	if out, err := exec.Command("go", "build", "-o", plumb, "../plumb").CombinedOutput(); err != nil {
		t.Fatalf("build plumb: %v\n%s", err, out)
	}
	return plumb
}

// get is what a URL answers.
func get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestLeakInFleet has plumb run keep a program up that leaks, the fleet find out, and
// its operator ask for more.
func TestLeakInFleet(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	plumb, dir, address, metrics := buildPlumb(t), t.TempDir(), freeAddress(t), freeAddress(t)
	app, err := filepath.Abs(filepath.Join("..", "..", "examples", "leaks", "session-store", "leaky.js"))
	if err != nil {
		t.Fatal(err)
	}
	hub := startHub(t, dir, address)
	url := "nats://" + address
	as := func(name, role string) string { // each with the rights of its role alone
		path := filepath.Join(dir, name+".token")
		if err := os.WriteFile(path, []byte(token(t, dir, name, role).String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return "--hub-token-file=" + path
	}
	startAnalyst(t, dir, url, as("analysts", "analyst"))
	operator := as("anna", "operator")
	run := start(t, dir, plumb, "run", "--hub", url, as("web-1", "agent"), "--release", "v1", "--allow", "snapshot,collect", "--name", "shop",
		"--metrics-address", metrics, "--capture-at", "70%", "--capture-warmup", "0s", "--", "node", app)
	run.says("baseline taken")
	server := regexp.MustCompile(`listening on (http://\S+)`).FindStringSubmatch(run.said.String())[1]
	for range 3000 {
		get(t, server)
	}
	fleet := func(args ...string) string {
		cmd := exec.Command(plumb, append([]string{"fleet"}, append(args, "--hub", url, operator)...)...)
		cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(dir, ".state"), "COLUMNS=200")
		out, _ := cmd.CombinedOutput()
		return string(out)
	}
	wants := func(what, text string, words ...string) {
		t.Helper()
		for _, w := range words {
			if !regexp.MustCompile(w).MatchString(text) {
				t.Errorf("%s: no %q in\n%s", what, w, text)
			}
		}
	}
	eventually(t, "the app", func() error {
		if text := fleet("apps"); !strings.Contains(text, "running") {
			return fmt.Errorf("it is not there: %s", text)
		}
		return nil
	})
	wants("apps", fleet("apps", "--json"), `"app":"shop","instance":0,"host":"[^"]+","agent":"web-1","release":"v1","state":"running","rss":[1-9]`)
	leak := `store\.byId \(store\.js:12\) keeps \d+ B of each request: object store`
	wants("snapshot", fleet("snapshot", "shop"), `shop on \S+: `+leak)
	wants("collect", fleet("collect", "shop"), `heap used [\d.]+ MB before, [\d.]+ MB after`)
	wants("profile", fleet("profile", "shop"), `error: profile of shop on \S+: the agent of shop does not allow profile\nhint: start it with --allow profile`)
	wants("nobody", fleet("snapshot", "none"), `error: no such instance of "none"`)
	list := fleet("findings")
	wants("findings", list, `shop +grows +1 +1 .* v1 .* `+leak)
	fingerprint := regexp.MustCompile(`(?m)^([0-9a-f]{8}) `).FindStringSubmatch(list)[1]
	wants("finding", fleet("findings", fingerprint), `instances +web-1/\S+/shop/0`, `variable +byId,\s[^,]*store\.js:12\s`)
	wants("audit", fleet("audit"), `anna +snapshot +shop +web-1 +\S+ +asked`, `anna +snapshot +shop +web-1 +\S+ +done +store\.byId`, `profile +shop +web-1 +\S+ +refused`)
	// The plumb beside the app knows it as well.
	wants("its own findings", get(t, "http://"+metrics+"/api/findings"), `"verdict":"leak"`)
	wants("metrics", get(t, "http://"+metrics+"/metrics"), `plumb_spool_cases 0\n`, `plumb_leak_bytes_per_request\{.*variable="store\.byId"`)
	wants("discovery", page(t, hub, "/sd"), `"targets":\["`+metrics+`"\]`, `"__meta_plumb_apps":"shop"`)
	wants("metrics of the hub", page(t, hub, "/metrics"), `plumb_hub_apps\{state="running"\} 1`, `plumb_hub_analysts\{state="idle"\} 1`, `plumb_hub_results 1`)
	wants("health", page(t, hub, "/healthz"), "ok")
}

// TestHubFull has a hub without room for a snapshot: it waits at the agent, which says
// so, and arrives when there is room.
func TestHubFull(t *testing.T) {
	t.Parallel()
	pair, dir, address := snapshots(t), t.TempDir(), freeAddress(t)
	hub := startHub(t, dir, address, "--size", "2M")
	who := token(t, dir, "web-1", "agent")
	agent := startAgent(t, dir, "nats://"+address, who, "shop", pair...)
	agent.says("the hub takes nothing now, and it is tried again")
	startAnalyst(t, dir, "nats://"+address)
	hub.kill()
	startHub(t, dir, address, "--size", "1G")
	js := connect(t, "nats://"+address, local(t, dir, address))
	wantLeak(t, wantResults(t, js, 1))
}

// TestAnalystWithoutRoom has an analyst whose disk takes no snapshot: it says so, and
// leaves the case to one with room.
func TestAnalystWithoutRoom(t *testing.T) {
	t.Parallel()
	pair, dir, address := snapshots(t), t.TempDir(), freeAddress(t)
	startHub(t, dir, address)
	agent := startAgent(t, dir, "nats://"+address, token(t, dir, "web-1", "agent"), "shop", pair...)
	full := start(t, dir, "sh", "-c", "ulimit -f 100; exec plumb-hub analyze --hub nats://"+address)
	full.says("is tried again")
	full.kill()
	startAnalyst(t, dir, "nats://"+address)
	agent.says("result: leaking sessions")
	js := connect(t, "nats://"+address, local(t, dir, address))
	wantLeak(t, wantResults(t, js, 1))
}
