package democmd

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is a program that runs beside the demo.
type process struct {
	name  string
	cmd   *exec.Cmd
	ended chan struct{}

	mu    sync.Mutex
	said  bytes.Buffer
	words chan struct{} // closed and made anew when it says something
}

// begin starts a program that runs until the demo ends it.
func (s *stage) begin(cmd *exec.Cmd, name string) (*process, error) {
	p := &process{name: name, cmd: cmd, ended: make(chan struct{}), words: make(chan struct{})}
	cmd.Cancel = p.interrupt
	cmd.Stdout, cmd.Stderr = p, p
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s.cast = append(s.cast, p)
	go func() {
		_ = cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

func (p *process) interrupt() error { return p.cmd.Process.Signal(syscall.SIGTERM) }

// Write takes what the program says.
func (p *process) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.words)
	p.words = make(chan struct{})
	return p.said.Write(text)
}

func (p *process) output() (text string, more <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String(), p.words
}

// patience is how long anything of the demo may take on a machine that is busy.
const patience = 2 * time.Minute

// says waits until the program has said something, and returns its parts.
func (p *process) says(ctx context.Context, pattern *regexp.Regexp) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		text, more := p.output()
		if found := pattern.FindStringSubmatch(text); found != nil {
			return found, nil
		}
		select {
		case <-more:
		case <-p.ended:
			return nil, fmt.Errorf("%s has ended: %s", p.name, strings.TrimSpace(text))
		case <-ctx.Done():
			return nil, fmt.Errorf("%s does not say %q: %s", p.name, pattern, strings.TrimSpace(text))
		}
	}
}

func (p *process) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// end has the program end, and everything that it keeps up.
func (p *process) end() error {
	if err := p.interrupt(); err != nil {
		_ = p.cmd.Process.Kill() // it has ended, or there are no such signals here
	}
	select {
	case <-p.ended:
		return nil
	case <-time.After(30 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.ended
		return fmt.Errorf("it had to be killed: %w", os.ErrDeadlineExceeded)
	}
}
