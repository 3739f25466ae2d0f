package load

import (
	"bufio"
	"os/exec"
	"strings"
	"testing"
)

// program is a Node.js server of every way to frame a response.
const program = `
const http = require("node:http");
const seen = {};
const server = http.createServer((req, res) => {
  const path = req.url.split("?")[0];
  seen[path] = (seen[path] || 0) + 1;
  req.resume();
  req.on("end", () => {
    switch (path) {
      case "/chunks": res.write("a".repeat(70000)); res.write("b"); res.end("c"); break;
      case "/trailers": res.writeHead(200, { Trailer: "Sum" }); res.write("a"); res.addTrailers({ Sum: "1" }); res.end(); break;
      case "/empty": res.writeHead(204); res.end(); break;
      case "/same": res.writeHead(304); res.end(); break;
      case "/hints": res.writeEarlyHints({ link: "</a.css>; rel=preload" }); res.end("x"); break;
      case "/close": res.shouldKeepAlive = false; res.end("bye"); break;
      case "/large": res.end(Buffer.alloc(1 << 20)); break;
      default: res.end("ok");
    }
  });
});
server.listen(0, "127.0.0.1", () => console.log("http://127.0.0.1:" + server.address().port));
process.stdin.resume();
process.stdin.on("end", () => { console.log(JSON.stringify(Object.entries(seen).sort())); process.exit(); });
`

func TestNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node on PATH")
	}
	cmd := exec.Command(node, "-e", program)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Wait() }()
	defer stdin.Close()
	lines := bufio.NewScanner(stdout)
	lines.Scan()
	url := lines.Text()

	plan := Plan{Requests: 900, Connections: 5, KeepAlive: true}
	for _, path := range []string{"/", "/chunks", "/trailers", "/empty", "/same", "/hints", "/close", "/large"} {
		plan.Targets = append(plan.Targets, Target{URL: url + path})
	}
	plan.Targets = append(plan.Targets, Target{URL: url + "/post", Method: "POST", Body: []byte(strings.Repeat("{{n}}", 1000))})
	r := mustRun(t, plan)
	if r.Completed != 900 || r.Failed != 0 || r.StatusCodes[200] != 700 || r.StatusCodes[204] != 100 || r.StatusCodes[304] != 100 {
		t.Errorf("%+v", r)
	}
	if r.Connects < 100 || r.Connects > 110 { // one for each of /close, and the first ones
		t.Errorf("%d connections", r.Connects)
	}

	head := mustRun(t, Plan{Targets: []Target{{URL: url + "/chunks", Method: "HEAD"}, {URL: url + "/", Method: "HEAD"}}, Requests: 50, KeepAlive: true})
	if head.StatusCodes[200] != 50 || head.Connects != 1 {
		t.Errorf("HEAD: %+v", head)
	}
	once := mustRun(t, Plan{Targets: []Target{{URL: url + "/once"}}, Requests: 50, Connections: 5})
	if once.StatusCodes[200] != 50 || once.Connects != 50 {
		t.Errorf("without keep-alive: %+v", once)
	}

	_ = stdin.Close()
	lines.Scan()
	want := `[["/",125],["/chunks",125],["/close",100],["/empty",100],["/hints",100],["/large",100],["/once",50],` +
		`["/post",100],["/same",100],["/trailers",100]]`
	if lines.Text() != want {
		t.Errorf("the server has seen %s", lines.Text())
	}
}
