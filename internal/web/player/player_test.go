package player_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"

	"github.com/plumb-dev/plumb/internal/lab"
	"github.com/plumb-dev/plumb/internal/web"
	"github.com/plumb-dev/plumb/internal/web/player"
)

// trace is a cycle of two objects, and a variable that leads to it.
const trace = `{"plumbLab":1,"program":"app.js","node":"v20.0.0","files":[{"name":"app.js","source":"one\ntwo\n"}],"steps":[
	{"file":0,"line":1,"frames":[{"function":"f","file":0,"line":1,"variables":[{"name":"user","scope":"local","value":{"type":"object","ref":1}},{"name":"n","scope":"local","value":{"type":"number","text":"7"}}]}],
	 "objects":[{"id":1,"class":"Object","props":[{"name":"next","value":{"type":"object","ref":2}}]},{"id":2,"class":"Object","props":[{"name":"back","value":{"type":"object","ref":1}}]}]},
	{"file":0,"line":2,"frames":[],"objects":[],"checkpoint":true,"heapUsed":5,"died":[{"object":1,"class":"Object","shallow":8}]}],
	"end":{"reason":"finished"}}`

type answer struct {
	*httptest.ResponseRecorder
	t *testing.T
}

func (a answer) is(status int, contains ...string) {
	a.t.Helper()
	if a.Code != status {
		a.t.Errorf("status %d, want %d: %s", a.Code, status, a.Body)
	}
	for _, text := range contains {
		if !strings.Contains(a.Body.String(), text) {
			a.t.Errorf("the answer has no %s: %s", text, a.Body)
		}
	}
}

func server(t *testing.T, node string) (ask func(method, path, body string) answer) {
	t.Helper()
	read, err := lab.Read(strings.NewReader(trace))
	if err != nil {
		t.Fatal(err)
	}
	part := player.New(node)
	part.Add(read)
	handler := (&web.Site{Parts: []web.Part{part}}).Handler()
	return func(method, path, body string) answer {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return answer{w, t}
	}
}

func TestReplay(t *testing.T) {
	ask := server(t, "")
	ask("GET", "/api/lab", "").is(200, `"program":"app.js"`, `"steps":2`, `"name":"closure"`)
	ask("GET", "/api/lab/recordings/1", "").is(200, `"heapUsed":5`, `"died":1`)
	ask("GET", "/api/lab/recordings/1/steps/1", "").is(200, `"inV8":[["reference on the stack","small integer, on the stack"]]`, `"holders":{"1":["user","@2.back"],"2":["@1.next"]}`, "they agree on n")
	ask("GET", "/api/lab/recordings/1/steps/1/collectors", "").is(200, `"swept":[]`, `"counts":{"1":2,"2":1}`, `"diedInV8":[1]`, `"diedInV8Step":2`)
	ask("GET", "/api/lab/recordings/1/steps/1/collectors?cut=user", "").is(200, `"swept":[1,2]`, `"freedByCounting":[]`, `"leakedByCounting":[1,2]`, `"trialDeletion":[1,2]`)
	ask("GET", "/api/lab/recordings/1/steps/1/collectors?cut=@1.next", "").is(200, `"swept":[2]`)
	ask("GET", "/api/lab/recordings/1/variables/user", "").is(200, `"step":1`)
	ask("GET", "/api/lab/recordings/1/variables/other", "").is(200, `"changes":[]`)
	ask("GET", "/api/lab/recordings/1/objects/1", "").is(200, `"state":"in use"`, `"state":"freed by V8"`)
}

func TestRefuses(t *testing.T) {
	ask := server(t, "no-such-node")
	for _, path := range []string{
		"/api/lab/recordings/2", "/api/lab/recordings/x", "/api/lab/recordings/1/steps/3",
		"/api/lab/recordings/1/steps/1/collectors?cut=n", "/api/lab/recordings/1/steps/1/collectors?cut=@1.none", "/api/lab/exhibits/none",
	} {
		ask("GET", path, "").is(404, `"hint":"`)
	}
	ask("GET", "/api/lab/recordings/1/steps/0", "").is(422)
	ask("POST", "/api/lab/recordings", `{"exhibit":"none"}`).is(404)
	ask("POST", "/api/lab/recordings", `{}`).is(http.StatusFailedDependency, "install Node.js")
	ask("POST", "/api/lab/exhibits/closure/measure", "").is(http.StatusFailedDependency, "install Node.js")
}

// TestRuns holds that the exhibits are run on a real Node.js.
func TestRuns(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node.js is not on the PATH")
	}
	ask := server(t, "node")
	for _, body := range []string{`{"exhibit":"closure"}`, `{"exhibit":"closure","fixed":true}`} {
		recorded := ask("POST", "/api/lab/recordings", body)
		recorded.is(200)
		var made player.Recorded
		if err := json.Unmarshal(recorded.Body.Bytes(), &made); err != nil {
			t.Fatal(err)
		}
		ask("GET", "/api/lab/recordings/"+made.ID+"/steps/5", "").is(200, `"checkpoint":true`)
	}
	ask("POST", "/api/lab/prevention", "").is(200, "ReferenceError")
}
