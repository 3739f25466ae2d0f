package runcmd

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/plumb-dev/plumb/internal/supervise"
)

// logs are the last lines that each app has printed, for plumb logs.
type logs struct {
	mu   sync.Mutex
	apps map[string]*appLog
}

// appLog keeps so many bytes of lines.
type appLog struct {
	lines   [][]byte
	bytes   int
	readers map[chan []byte]bool
}

const keptLog = 256 << 10

func newLogs(apps []supervise.App) *logs {
	l := &logs{apps: map[string]*appLog{}}
	for _, app := range apps {
		l.apps[app.Name] = &appLog{readers: map[chan []byte]bool{}}
	}
	return l
}

// add takes a whole line with its end.
func (l *logs) add(app string, line []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	log := l.apps[app]
	line = bytes.Clone(line)
	log.lines = append(log.lines, line)
	log.bytes += len(line)
	drop := 0
	for log.bytes > keptLog && drop < len(log.lines)-1 {
		log.bytes -= len(log.lines[drop])
		drop++
	}
	if drop > 0 {
		log.lines = append(log.lines[:0:0], log.lines[drop:]...)
	}
	for reader := range log.readers {
		select {
		case reader <- line:
		default: // too slow: the app does not wait for it
		}
	}
}

// write shows the last lines of an app, and with follow what comes.
func (l *logs) write(ctx context.Context, w io.Writer, app string, lines int, follow bool) error {
	l.mu.Lock()
	log, ok := l.apps[app]
	if !ok {
		l.mu.Unlock()
		return fmt.Errorf("%s: %w", app, supervise.ErrNoApp)
	}
	last := log.lines[max(0, len(log.lines)-lines):]
	text := bytes.Join(last, nil)
	coming := make(chan []byte, 1000)
	if follow {
		log.readers[coming] = true
	}
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(log.readers, coming)
	}()
	if _, err := w.Write(text); err != nil || !follow {
		return err
	}
	for {
		select {
		case line := <-coming:
			if _, err := w.Write(line); err != nil {
				return err
			}
		case <-ctx.Done():
			return nil
		}
	}
}

// logWriter passes text on as it comes, and its lines to the logs.
type logWriter struct {
	out  io.Writer
	logs *logs
	app  string
	held []byte
}

func (w *logWriter) Write(p []byte) (int, error) {
	n := len(p)
	for rest := p; len(rest) > 0; {
		line, after, whole := bytes.Cut(rest, []byte("\n"))
		w.held, rest = append(w.held, line...), after
		if whole || len(w.held) > longestLine {
			w.flush()
		}
	}
	if _, err := w.out.Write(p); err != nil {
		return n, err
	}
	return n, nil
}

func (w *logWriter) flush() {
	w.logs.add(w.app, append(w.held, '\n'))
	w.held = w.held[:0]
}

// Close keeps what has no end of line.
func (w *logWriter) Close() error {
	if len(w.held) > 0 {
		w.flush()
	}
	return nil
}
