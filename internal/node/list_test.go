package node

import (
	"fmt"
	"testing"
)

// TestListAsksNoServer holds that a program whose inspector may be at any port is
// not sent a request to its own: it may count them, as a hunt does.
func TestListAsksNoServer(t *testing.T) {
	const server = `const server = require('http').createServer((req, res) => { console.log('asked for ' + req.url); res.end(); });
		const listen = (port) => server.listen(port, '127.0.0.1');
		server.on('listening', () => console.log('listening on http://127.0.0.1:' + server.address().port));
		server.on('error', () => listen(10000 + Math.floor(Math.random() * 20000)));
		listen(10000 + Math.floor(Math.random() * 20000)); // below all ports that the system chooses`
	eachNode(t, func(t *testing.T, bin string) {
		for _, c := range []struct {
			options []string
			state   InspectorState
		}{
			{[]string{"--inspect=127.0.0.1:0"}, InspectorOpen},
			{[]string{"--inspect=127.0.0.1:0", "--inspect-publish-uid=stderr"}, InspectorSecret},
		} {
			f := runForeign(t, append(append([]string{bin}, c.options...), "-e", server)...)
			url := f.after(t, "listening on ")
			programs, err := List(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, r := range programs {
				if fmt.Sprint(r.PID) != f.pid() {
					continue
				}
				// Others on this machine list programs, too.
				found = r.Inspector == c.state || c.state == InspectorOpen && r.Inspector == InspectorInUse
				if r.Inspector == InspectorOpen && r.Heap == nil {
					t.Error("its heap was not asked for")
				}
			}
			if !found {
				t.Errorf("%v: not found with its inspector %s", c.options, c.state)
			}
			get(t, url+"/last")
			if first := f.after(t, "asked for "); first != "/last" {
				t.Errorf("%v: the program was asked for %s", c.options, first)
			}
		}
	})
}
