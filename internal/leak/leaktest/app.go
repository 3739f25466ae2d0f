//go:build unix

// Package leaktest drives a server under a real Node.js: start it, send it
// requests, take heap snapshots of it, stop it.
//
// A server is a plain program that reads PORT and prints "listening on URL"
// when it is ready. Node.js itself writes the snapshots, on a signal. The
// package knows nothing of leaks.
package leaktest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"
)

// App is a running server.
type App struct {
	URL    string
	cmd    *exec.Cmd
	dir    string          // where its snapshots go
	taken  map[string]bool // those that there are
	ready  chan string     // the URL
	ended  chan struct{}   // closed when the process is gone
	stderr strings.Builder // to be read when it has ended
	client *http.Client
}

// Start runs `node script`, whose snapshots go to dir. The caller must Stop it.
func Start(ctx context.Context, node, script, dir string) (*App, error) {
	return start(ctx, node, script, dir, "--heapsnapshot-signal=SIGUSR2", "--diagnostic-dir="+dir)
}

func start(ctx context.Context, node, script, dir string, flags ...string) (*App, error) {
	a := &App{
		cmd: exec.CommandContext(ctx, node, append(flags, script)...),
		dir: dir, taken: map[string]bool{},
		ready: make(chan string, 1), ended: make(chan struct{}),
		client: &http.Client{Transport: &http.Transport{}},
	}
	a.cmd.Env = append(os.Environ(), "PORT=0")
	a.cmd.Stderr = &a.stderr
	out, err := a.cmd.StdoutPipe()
	if err == nil {
		err = a.cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", script, err)
	}
	go a.follow(out)
	select {
	case a.URL = <-a.ready:
		return a, nil
	case <-a.ended:
		return nil, fmt.Errorf("start %s: %w", script, a.death())
	}
}

// follow reads what the server prints until it ends.
func (a *App) follow(out io.Reader) {
	defer close(a.ended)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if url, ok := strings.CutPrefix(lines.Text(), "listening on "); ok {
			a.ready <- url
			break
		}
	}
	_, _ = io.Copy(io.Discard, out)
	_ = a.cmd.Wait()
}

func (a *App) death() error {
	return errors.New("the server ended: " + strings.TrimSpace(a.stderr.String()))
}

// Version is the version of the node binary, as "v20.20.2".
func Version(ctx context.Context, node string) (string, error) {
	out, err := exec.CommandContext(ctx, node, "--version").Output()
	if err != nil {
		return "", fmt.Errorf("ask %s for its version: %w", node, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// Load sends n requests one after the other over one kept connection and
// returns how long each took.
func (a *App) Load(ctx context.Context, n int) ([]time.Duration, error) {
	took := make([]time.Duration, 0, n)
	for range n {
		start := time.Now()
		if err := a.get(ctx); err != nil {
			return took, err
		}
		took = append(took, time.Since(start))
	}
	return took, nil
}

func (a *App) get(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.URL, nil)
	if err != nil {
		return fmt.Errorf("request %s: %w", a.URL, err)
	}
	resp, err := a.client.Do(req)
	if err != nil {
		return fmt.Errorf("request %s: %w", a.URL, err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return fmt.Errorf("read answer of %s: %w", a.URL, err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("request %s: status %s", a.URL, resp.Status)
	}
	return nil
}

// Stop ends the server and waits until it is gone.
func (a *App) Stop() {
	a.client.CloseIdleConnections()
	_ = a.cmd.Process.Kill()
	<-a.ended
}
