//go:build unix

// Package leaktest runs one of the example servers on real Node.js: start it,
// send it requests, have it write heap snapshots, stop it.
//
// A server here prints "listening on URL" when it is ready and, on SIGUSR2,
// writes a snapshot and prints "snapshot FILE". Nothing is waited for by time.
// The package knows nothing of other Node programs.
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
	"syscall"
	"time"
)

// App is a running example server.
type App struct {
	URL    string
	cmd    *exec.Cmd
	lines  *bufio.Scanner
	stderr *strings.Builder
	client *http.Client
}

// Start runs `node script`; its snapshots go to dir. The caller must Stop it.
func Start(ctx context.Context, node, script, dir string) (*App, error) {
	a := &App{stderr: &strings.Builder{}, client: &http.Client{Transport: &http.Transport{}}}
	a.cmd = exec.CommandContext(ctx, node, script)
	a.cmd.Env = append(os.Environ(), "PORT=0", "SNAPSHOT_DIR="+dir)
	a.cmd.Stderr = a.stderr
	out, err := a.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", script, err)
	}
	if err := a.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", script, err)
	}
	a.lines = bufio.NewScanner(out)
	if a.URL, err = a.wait("listening on "); err != nil {
		a.Stop()
		return nil, fmt.Errorf("start %s: %w", script, err)
	}
	return a, nil
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

// HangUp closes the kept connection, as a client that goes away does.
func (a *App) HangUp() { a.client.CloseIdleConnections() }

// Snapshot has the server write a heap snapshot and returns its path.
func (a *App) Snapshot() (string, error) {
	if err := a.cmd.Process.Signal(syscall.SIGUSR2); err != nil {
		return "", fmt.Errorf("ask for a snapshot: %w", err)
	}
	path, err := a.wait("snapshot ")
	if err != nil {
		return "", fmt.Errorf("wait for the snapshot: %w", err)
	}
	return path, nil
}

// Stop ends the server and waits until it is gone.
func (a *App) Stop() {
	a.client.CloseIdleConnections()
	_ = a.cmd.Process.Kill()
	_ = a.cmd.Wait()
}

// wait reads the server's lines up to one that starts with prefix and returns
// the rest of it.
func (a *App) wait(prefix string) (string, error) {
	for a.lines.Scan() {
		if rest, ok := strings.CutPrefix(a.lines.Text(), prefix); ok {
			return rest, nil
		}
	}
	if err := a.lines.Err(); err != nil {
		return "", err
	}
	_ = a.cmd.Wait()
	return "", errors.New("the server ended: " + strings.TrimSpace(a.stderr.String()))
}
