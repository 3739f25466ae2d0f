//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// client is a load generator.
type client struct {
	name string
	args func(url string, connections, seconds int) []string
	rate *regexp.Regexp // finds the requests per second in what it prints
}

// The version is pinned: the ratio of two runs must mean the same.
const loadtest = "loadtest@8.2.1"

// install builds plumb into dir and finds or installs the others. plumb is the
// first, then come wrk and loadtest.
func install(ctx context.Context, dir string) ([]client, error) {
	wrk, err := exec.LookPath("wrk")
	if err != nil {
		return nil, errors.New("wrk is missing: apt-get install wrk, or https://github.com/wg/wrk")
	}
	plumb := filepath.Join(dir, "plumb")
	if err := command(ctx, ".", "go", "build", "-o", plumb, "./cmd/plumb"); err != nil {
		return nil, fmt.Errorf("build plumb: %w", err)
	}
	if err := command(ctx, dir, "npm", "install", "--no-audit", "--no-fund", "--loglevel=error", loadtest); err != nil {
		return nil, fmt.Errorf("install %s: %w", loadtest, err)
	}
	script := filepath.Join(dir, "node_modules/loadtest/bin/loadtest.js")
	return []client{
		{
			name: "plumb",
			args: func(url string, connections, seconds int) []string {
				return []string{plumb, "load", url, "-k", "-c", strconv.Itoa(connections), "-t", strconv.Itoa(seconds), "--json"}
			},
			rate: regexp.MustCompile(`"requestsPerSecond":([\d.]+)`),
		},
		{
			name: "wrk",
			args: func(url string, connections, seconds int) []string {
				return []string{wrk, "-t1", "-c" + strconv.Itoa(connections), "-d" + strconv.Itoa(seconds), url}
			},
			rate: regexp.MustCompile(`Requests/sec:\s+([\d.]+)`),
		},
		{
			name: "loadtest",
			args: func(url string, connections, seconds int) []string {
				return []string{"node", script, url, "-k", "-c", strconv.Itoa(connections), "-t", strconv.Itoa(seconds)}
			},
			rate: regexp.MustCompile(`Effective rps:\s+([\d.]+)`),
		},
	}, nil
}

// run loads a server and returns the requests per second.
func (c client) run(ctx context.Context, url string, connections, seconds int) (float64, error) {
	args := c.args(url, connections, seconds)
	out, err := exec.CommandContext(ctx, args[0], args[1:]...).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%w: %s", err, out)
	}
	match := c.rate.FindSubmatch(out)
	if match == nil {
		return 0, fmt.Errorf("no rate in %q", out)
	}
	return strconv.ParseFloat(string(match[1]), 64)
}

func command(ctx context.Context, dir, name string, args ...string) error {
	fmt.Fprintln(os.Stderr, name, strings.Join(args, " "))
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stderr, os.Stderr
	return cmd.Run()
}
