//go:build unix

package main

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/plumb-dev/plumb/internal/load"
)

// The version is pinned: two runs must mean the same.
const express = "express@5.1.0"

//go:embed app.cjs
var program string

// install puts the app and express into dir, unless they are there.
func install(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "app.cjs"), []byte(program), 0o644); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules/express")); err == nil {
		return nil
	}
	cmd := exec.CommandContext(ctx, "npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", dir, express)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}

// app is the express app: a program of its own that knows nothing of plumb.
type app struct {
	url string
	cmd *exec.Cmd
}

func startApp(ctx context.Context, nodeBinary, dir string) (*app, error) {
	a := &app{cmd: exec.CommandContext(ctx, nodeBinary, "--inspect-port=0", filepath.Join(dir, "app.cjs"))}
	a.cmd.Env = append(os.Environ(), "NODE_ENV=production")
	out, err := a.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := a.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the app: %w", err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if url, ok := strings.CutPrefix(lines.Text(), "listening on "); ok {
			a.url = url
			return a, nil
		}
	}
	return nil, errors.Join(errors.New("start the app: it ended before it listened"), a.cmd.Wait())
}

func (a *app) stop() {
	_ = a.cmd.Process.Kill()
	_ = a.cmd.Wait()
}

// sample is what the requests of one run cost, in microseconds.
type sample struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
	CPU float64 `json:"cpu"` // of the whole process, per request
}

// measure sends the requests in one way.
func (a *app) measure(ctx context.Context, o options, w way) (sample, error) {
	if w.begin != nil {
		end, err := w.begin(ctx, strconv.Itoa(a.cmd.Process.Pid))
		if err != nil {
			return sample{}, err
		}
		s, err := a.load(ctx, o)
		return s, errors.Join(err, end(context.WithoutCancel(ctx)))
	}
	return a.load(ctx, o)
}

// load sends the requests, after a fifth as many that do not count: coming and
// going has a cost of its own, which is not what a program at rest pays.
func (a *app) load(ctx context.Context, o options) (sample, error) {
	if _, err := a.send(ctx, o, o.requests/5); err != nil {
		return sample{}, err
	}
	before, err := a.cost(ctx)
	if err != nil {
		return sample{}, err
	}
	r, err := a.send(ctx, o, o.requests)
	if err != nil {
		return sample{}, err
	}
	after, err := a.cost(ctx)
	if err != nil {
		return sample{}, err
	}
	return sample{
		P50: float64(r.Latency.P50), P99: float64(r.Latency.P99),
		CPU: (after - before) / float64(o.requests),
	}, nil
}

func (a *app) send(ctx context.Context, o options, requests int64) (*load.Report, error) {
	r, err := load.Run(ctx, load.Plan{
		Targets:  []load.Target{{URL: a.url + "/users/{{n}}"}},
		Requests: requests, Connections: o.connections, KeepAlive: true,
	})
	if err == nil && (r.Failed > 0 || r.Interrupted) {
		err = fmt.Errorf("%d of %d requests failed", r.Failed, r.Requests)
	}
	return r, err
}

// cost is the CPU time of the app since its start, in microseconds.
func (a *app) cost(ctx context.Context) (float64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.url+"/cost", http.NoBody)
	if err != nil {
		return 0, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	var usage struct{ User, System float64 }
	err = json.NewDecoder(res.Body).Decode(&usage)
	return usage.User + usage.System, err
}
