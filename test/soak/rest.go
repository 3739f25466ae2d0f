//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/plumb-dev/plumb/internal/supervise/tree"
)

// atRest has plumb keep ten apps up that do nothing, without and with metrics, and
// reads what plumb itself takes.
func atRest(ctx context.Context, d time.Duration) error {
	dir, err := os.MkdirTemp("", "plumb-soak-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	plumb := filepath.Join(dir, "plumb")
	build := exec.CommandContext(ctx, "go", "build", "-o", plumb, "./cmd/plumb")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build plumb: %w", err)
	}
	apps := []map[string]any{}
	for n := range 10 {
		apps = append(apps, map[string]any{"name": fmt.Sprintf("app%d", n), "script": "idle.js", "cwd": dir, "max_memory_restart": "500M"})
	}
	config, err := json.Marshal(map[string]any{"apps": apps})
	if err != nil {
		return err
	}
	for name, text := range map[string][]byte{"idle.js": []byte("setInterval(() => {}, 60000)"), "apps.json": config} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return err
		}
	}
	for _, metrics := range []string{"off", "127.0.0.1:0"} {
		if err := measure(ctx, dir, plumb, metrics, d); err != nil {
			return err
		}
	}
	return nil
}

func measure(ctx context.Context, dir, plumb, metrics string, d time.Duration) error {
	cmd := exec.CommandContext(ctx, plumb, "run", "-q", "--metrics-address", metrics, "apps.json")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(dir, "state"), "XDG_RUNTIME_DIR=")
	cmd.Stderr = os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	if err := cmd.Start(); err != nil {
		return err
	}
	pause(ctx, 10*time.Second) // they have started
	before := cpu(cmd.Process.Pid)
	pause(ctx, d)
	used := cpu(cmd.Process.Pid) - before
	rss, err := tree.RSS([]int{cmd.Process.Pid})
	if err != nil {
		return err
	}
	children := len(tree.Of(cmd.Process.Pid)) - 1
	fmt.Printf("10 apps at rest, metrics %s: plumb has %.1f MB in RAM and takes %.2f %% of a core (%d processes below it)\n",
		metrics, float64(rss)/1e6, 100*used.Seconds()/d.Seconds(), children)
	_ = cmd.Process.Signal(syscall.SIGTERM)
	_ = cmd.Wait()
	return ctx.Err()
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// cpu is the processor time of a process, in 1/100 s.
func cpu(pid int) time.Duration {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}
