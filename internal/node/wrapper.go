package node

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

//go:embed agent.cjs
var agentSource []byte

// startWrapper starts a command that is not node but starts it. NODE_OPTIONS
// reaches whatever Node.js process comes of it; the agent picks the right one.
func startWrapper(op, program string, cmd Command) (*Child, error) {
	agent, err := listenForAgent()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	c, err := startChild(program, cmd.Args[1:], cmd, agent)
	if err != nil {
		agent.close()
		return nil, missing(op, cmd.Args[0], err)
	}
	return c, nil
}

// agentListener waits for the agent inside a program.
type agentListener struct {
	dir      string
	listener net.Listener
	url      chan string // of the program's inspector
	ended    sync.WaitGroup
	closing  sync.Once

	mu   sync.Mutex
	conn net.Conn // closing it closes the inspector
}

func listenForAgent() (*agentListener, error) {
	dir, err := os.MkdirTemp("", "plumb-agent-") // mode 0700
	if err != nil {
		return nil, err
	}
	if target, err := filepath.EvalSymlinks(dir); err == nil {
		dir = target
	}
	if err := os.WriteFile(filepath.Join(dir, "agent.cjs"), agentSource, 0o600); err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	listener, err := net.Listen("unix", filepath.Join(dir, "agent.sock"))
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	a := &agentListener{dir: dir, listener: listener, url: make(chan string, 1)}
	a.ended.Go(a.accept)
	return a, nil
}

// nodeOptions is the variable that loads the agent, after what the user has
// there. --inspect-publish-uid keeps the inspector's address secret.
func (a *agentListener) nodeOptions(environ []string) string {
	options := ""
	for _, entry := range environ {
		if value, ok := strings.CutPrefix(entry, "NODE_OPTIONS="); ok {
			options = value + " "
		}
	}
	return "NODE_OPTIONS=" + options + "--require " + strconv.Quote(filepath.Join(a.dir, "agent.cjs")) + " " + ourFlags[1]
}

// accept takes the first program that says where its inspector is.
func (a *agentListener) accept() {
	for {
		conn, err := a.listener.Accept()
		if err != nil {
			return
		}
		var hello struct {
			URL string `json:"url"`
		}
		if json.NewDecoder(conn).Decode(&hello) != nil || hello.URL == "" {
			_ = conn.Close()
			continue
		}
		a.mu.Lock()
		first := a.conn == nil
		if first {
			a.conn = conn
		}
		a.mu.Unlock()
		if !first {
			_ = conn.Close() // a second program: its agent closes its inspector
			continue
		}
		a.url <- hello.URL
	}
}

// close frees everything. The agent then closes the program's inspector.
func (a *agentListener) close() {
	a.closing.Do(func() {
		_ = a.listener.Close()
		a.mu.Lock()
		if a.conn != nil {
			_ = a.conn.Close()
		}
		a.mu.Unlock()
		a.ended.Wait()
		_ = os.RemoveAll(a.dir)
	})
}
