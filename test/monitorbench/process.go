package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// process is an engine that runs.
type process struct {
	cmd     *exec.Cmd
	address string
	took    time.Duration // from its start until it was ready
	ended   chan struct{}
	log     bytes.Buffer
}

// start starts an engine, on the first core only when it is to have one.
func start(ctx context.Context, e engine, config, data string, oneCore bool) (*process, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := l.Addr().String()
	_ = l.Close()
	args := e.args(config, data, address)
	if oneCore {
		args = append([]string{"taskset", "-c", "0"}, args...)
	}
	p := &process{cmd: exec.CommandContext(ctx, args[0], args[1:]...), address: address, ended: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	if oneCore {
		p.cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	}
	begin := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait()
		close(p.ended)
	}()
	if err := ready(ctx, address, p.ended); err != nil {
		p.end(os.Kill)
		return nil, fmt.Errorf("start %s: %w\n%s", e.name, err, p.log.Bytes())
	}
	p.took = time.Since(begin)
	return p, nil
}

func (p *process) end(how os.Signal) {
	_ = p.cmd.Process.Signal(how)
	<-p.ended
}

// clockTick is the unit of /proc/PID/stat on Linux.
const clockTick = 10 * time.Millisecond

// cpu is the CPU time that the process has had.
func (p *process) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	var ticks int64
	for _, field := range fields[11:13] { // utime, stime
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * clockTick, nil
}

// peak is the most memory that the process had in RAM, in bytes.
func (p *process) peak() (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0, fmt.Errorf("no VmHWM of process %d", p.cmd.Process.Pid)
	}
	kb, err := strconv.ParseFloat(fields[0], 64)
	return kb * 1024, err
}

// value is the one number that an expression gives.
func (p *process) value(expression string) (float64, error) {
	response, err := http.Get("http://" + p.address + "/api/v1/query?query=" + url.QueryEscape(expression))
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	var said struct {
		Data struct {
			Result []struct{ Value [2]any }
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&said); err != nil {
		return 0, err
	}
	if len(said.Data.Result) == 0 {
		return 0, fmt.Errorf("%s gives nothing", expression)
	}
	text, _ := said.Data.Result[0].Value[1].(string)
	return strconv.ParseFloat(text, 64)
}
