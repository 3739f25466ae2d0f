package record

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/plumb-dev/plumb/internal/inspector"
	"github.com/plumb-dev/plumb/internal/lab"
)

// program is the child that is recorded. Its output goes to a file, which Node.js
// writes at once: what was printed before a line is there when the line is reached.
type program struct {
	client *inspector.Client
	cmd    *exec.Cmd
	out    *os.File
	read   int64 // how much of out was taken

	stderr chan struct{} // closed when the standard error is at its end
	said   []string      // its lines, without the inspector's
	once   sync.Once
	waited error
}

const listening = "Debugger listening on "

func start(ctx context.Context, path string, opts Options) (*program, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	out, err := os.CreateTemp("", "plumb-lab")
	if err != nil {
		return nil, err
	}
	// Nobody but us needs its name.
	_ = os.Remove(out.Name())
	node := opts.Node
	if node == "" {
		node = "node"
	}
	args := []string{"--expose-gc", "--inspect-brk=127.0.0.1:0", "--inspect-publish-uid=stderr"}
	if opts.Memory > 0 {
		args = append(args, fmt.Sprintf("--max-old-space-size=%d", opts.Memory))
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	p := &program{out: out, stderr: make(chan struct{})}
	p.cmd = exec.Command(node, append(append(args, absolute), opts.Args...)...)
	p.cmd.Stdout = out
	pipe, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		_ = out.Close()
		return nil, fmt.Errorf("start %s: %w", node, err)
	}
	url := make(chan string, 1)
	go p.listen(pipe, url)
	select {
	case address := <-url:
		if p.client, err = inspector.Dial(ctx, address, nil); err == nil {
			return p, nil
		}
	case <-p.stderr:
		err = p.reason(errors.New("the program ended before it began"))
	case <-ctx.Done():
		err = ctx.Err()
	}
	p.stop()
	return nil, fmt.Errorf("start %s: %w", path, err)
}

// listen reads the standard error to its end.
func (p *program) listen(pipe io.Reader, url chan<- string) {
	defer close(p.stderr)
	lines := bufio.NewReader(pipe)
	for {
		line, err := lines.ReadString('\n')
		line = strings.TrimRight(line, "\r\n")
		address, ours := strings.CutPrefix(line, listening)
		switch {
		case ours:
			select {
			case url <- address:
			default:
			}
		case strings.HasPrefix(line, "Debugger "), strings.HasPrefix(line, "For help, see: https://nodejs.org/"), strings.HasPrefix(line, "Waiting for the debugger"):
		case line != "" && len(p.said) < 200:
			p.said = append(p.said, line)
		}
		if err != nil {
			return
		}
	}
}

// output is what was printed since the last call, at most a megabyte of it.
func (p *program) output() string {
	const most = 1 << 20
	text, _ := io.ReadAll(io.NewSectionReader(p.out, p.read, most))
	p.read += int64(len(text))
	return strings.ToValidUTF8(string(text), "�")
}

// end lets a program that is at its end go, and says how it went.
func (p *program) end(ctx context.Context) lab.End {
	_ = p.client.Close()
	gone := make(chan struct{})
	go func() {
		p.wait()
		close(gone)
	}()
	select {
	case <-gone:
	case <-ctx.Done():
		_ = p.cmd.Process.Kill()
		<-gone
	}
	code := p.cmd.ProcessState.ExitCode()
	end := lab.End{Reason: lab.Finished, Exit: code}
	if code != 0 {
		end.Reason, end.Detail = lab.Failed, p.complaint()
	}
	return end
}

var thrown = regexp.MustCompile(`^(Uncaught )?\w*Error\b`)

// complaint is the line of the standard error that says most.
func (p *program) complaint() string {
	for _, line := range p.said {
		if thrown.MatchString(line) {
			return line
		}
	}
	return strings.Join(p.said, " ")
}

// reason adds what the program said to an error of the connection.
func (p *program) reason(err error) error {
	select {
	case <-p.stderr:
		if said := p.complaint(); said != "" {
			return fmt.Errorf("%w: %s", err, said)
		}
	case <-time.After(time.Second):
	}
	return err
}

func (p *program) wait() {
	p.once.Do(func() {
		<-p.stderr
		p.waited = p.cmd.Wait()
	})
}

// stop ends the program if it still runs. What it printed can still be read.
func (p *program) stop() {
	if p.client != nil {
		_ = p.client.Close()
	}
	_ = p.cmd.Process.Kill()
	p.wait()
}
