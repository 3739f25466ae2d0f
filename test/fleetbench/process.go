package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/nats-io/nats.go/jetstream"
	ps "github.com/shirou/gopsutil/v4/process"

	"github.com/plumb-dev/plumb/internal/fleet"
)

// process is a plumb-hub.
type process struct {
	cmd  *exec.Cmd
	mu   sync.Mutex
	text bytes.Buffer
}

// Write takes what the program prints.
func (p *process) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(text)
}

func start(ctx context.Context, dir string, args ...string) (*process, error) {
	p := &process{cmd: exec.CommandContext(ctx, filepath.Join(dir, "plumb-hub"), args...)}
	p.cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(dir, ".state"))
	p.cmd.Stdout, p.cmd.Stderr = p, p
	return p, p.cmd.Start()
}

func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
}

// wait waits until the program has printed a text.
func (p *process) wait(text string) error {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		p.mu.Lock()
		said := p.text.String()
		p.mu.Unlock()
		if strings.Contains(said, text) {
			return nil
		}
	}
	return fmt.Errorf("%s does not say %q", p.cmd.Path, text)
}

type usage struct {
	cpu time.Duration
	rss uint64
}

func (p *process) usage() (u usage, err error) {
	one, err := ps.NewProcess(int32(p.cmd.Process.Pid))
	if err != nil {
		return u, err
	}
	times, err := one.Times()
	if err != nil {
		return u, err
	}
	memory, err := one.MemoryInfo()
	if err != nil {
		return u, err
	}
	return usage{time.Duration((times.User + times.System) * float64(time.Second)), memory.RSS}, nil
}

const program = `
const { writeHeapSnapshot } = require('v8');
const fs = require('fs');
class Session { constructor(i) { this.id = i; this.text = 'session ' + Math.random() + i; this.data = { a: i, b: [i, i + 1] }; } }
const old = [], sessions = new Map(), n = +process.argv[2];
function take(name) {
  writeHeapSnapshot(name);
  fs.writeFileSync(name + '.json', JSON.stringify({ time: new Date().toISOString(), bytes: fs.statSync(name).size, scripts: [] }));
}
setImmediate(() => {
  for (let i = 0; i < n; i++) old.push(new Session(i));
  take('baseline.heapsnapshot');
  for (let i = 0; i < n / 10; i++) sessions.set(i, new Session(i));
  take('last.heapsnapshot');
});
`

// takeSnapshots takes two of a real program, and compresses them as plumb does.
func (b *bench) takeSnapshots(ctx context.Context, objects int) error {
	script := filepath.Join(b.dir, "app.js")
	if err := os.WriteFile(script, []byte(program), 0o600); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "node", "--max-old-space-size=4096", script, fmt.Sprint(objects))
	cmd.Dir, cmd.Stderr = b.dir, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("take snapshots: %w", err)
	}
	for i, name := range []string{"baseline.heapsnapshot", "last.heapsnapshot"} {
		path := filepath.Join(b.dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		packed := compress(text)
		b.pair[i] = path + ".zst"
		if err := errors.Join(os.WriteFile(b.pair[i], packed, 0o600), os.Rename(path+".json", b.pair[i]+".json"), os.Remove(path)); err != nil {
			return err
		}
		fmt.Printf("%s: %d MB, %d MB compressed\n", name, len(text)/1e6, len(packed)/1e6)
	}
	return nil
}

// another is the last snapshot as a file of its own: with a frame at its end that zstd
// skips.
func (b *bench) another(name string) (string, error) {
	text, err := os.ReadFile(b.pair[1])
	if err != nil {
		return "", err
	}
	record, err := os.ReadFile(b.pair[1] + ".json")
	if err != nil {
		return "", err
	}
	path := filepath.Join(b.dir, name+".heapsnapshot.zst")
	return path, errors.Join(os.WriteFile(path, append(text, skippable(name)...), 0o600), os.WriteFile(path+".json", record, 0o600))
}

// queued waits until so many cases are in the queue.
func (b *bench) queued(ctx context.Context, n int) error {
	conn, err := b.link.Dial("fleetbench")
	if err != nil {
		return err
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		return err
	}
	for {
		stream, err := js.Stream(ctx, fleet.JobsStream)
		if err != nil {
			return err
		}
		if stream.CachedInfo().State.Msgs >= uint64(n) {
			return nil
		}
		if err := sleep(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
}

func compress(text []byte) []byte {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		panic(err) // the options are right
	}
	return enc.EncodeAll(text, nil)
}

// skippable is a frame that holds a text and is no data.
func skippable(text string) []byte {
	frame := binary.LittleEndian.AppendUint32(nil, 0x184D2A50)
	frame = binary.LittleEndian.AppendUint32(frame, uint32(len(text)))
	return append(frame, text...)
}
