package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
)

// targets are a process of ours that answers as many programs would.
type targets struct {
	process
	address string
}

func startTargets(ctx context.Context, o options) (*targets, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	t := &targets{process: process{ended: make(chan struct{})}}
	t.cmd = exec.CommandContext(ctx, "taskset", "-c", "1", self, "targets", strconv.Itoa(o.series))
	out, err := t.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := t.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	go func() {
		_ = t.cmd.Wait()
		close(t.ended)
	}()
	if err != nil {
		return nil, fmt.Errorf("start the targets: %w", err)
	}
	t.address = strings.TrimSpace(line)
	return t, nil
}

// config is a prometheus.yml for these targets.
func (t *targets) config(o options) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "global: {scrape_interval: %v}\nscrape_configs:\n  - job_name: apps\n    static_configs:\n", o.interval)
	for n := range o.targets {
		fmt.Fprintf(&b, "      - {targets: ['%s'], labels: {instance: 'app%d', __metrics_path__: '/%d'}}\n", t.address, n, n)
	}
	return b.Bytes()
}

// serveTargets answers each scrape with series that change: a tenth histograms'
// buckets, as plumb's own metrics have.
func serveTargets() {
	series, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(l.Addr())
	var count atomic.Int64
	panic(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n := count.Add(1)
		b := make([]byte, 0, 64*series)
		for i := range series {
			switch {
			case i%10 == 0:
				b = fmt.Appendf(b, "work_seconds_bucket{route=\"/r%d\",le=\"0.1\"} %d\n", i, n)
			case i%2 == 0:
				b = fmt.Appendf(b, "requests_total{route=\"/r%d\",code=\"200\"} %d\n", i, n+int64(i))
			default:
				b = fmt.Appendf(b, "memory_bytes{space=\"s%d\"} %d\n", i, 1_000_000+(n*7919+int64(i))%100_000)
			}
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		_, _ = w.Write(b)
	})))
}
