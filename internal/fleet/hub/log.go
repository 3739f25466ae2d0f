package hub

import (
	"fmt"
	"strings"
	"sync"
)

// log passes on what the NATS server has to say that matters. It implements
// [server.Logger].
type log struct {
	notice func(string)
	broken chan string // gets what ends the use of the disk

	mu   sync.Mutex
	text string
}

func (l *log) last() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.text == "" {
		return "it does not get ready"
	}
	return l.text
}

func (l *log) say(format string, args []any) {
	text := fmt.Sprintf(format, args...)
	l.mu.Lock()
	l.text = text
	l.mu.Unlock()
	l.notice("NATS: " + text)
	if strings.Contains(strings.ToLower(text), "critical write error") {
		select {
		case l.broken <- text:
		default:
		}
	}
}

// quiet are words of messages about single connections: who is refused is told so.
var quiet = []string{"authentication error", "Permissions Violation", "TLS handshake error", "client closed", "Slow Consumer"}

func (l *log) unlessQuiet(format string, args []any) {
	text := fmt.Sprintf(format, args...)
	for _, words := range quiet {
		if strings.Contains(text, words) {
			return
		}
	}
	l.say("%s", []any{text})
}

// Noticef implements [server.Logger].
func (l *log) Noticef(string, ...any) {}

// Warnf implements [server.Logger].
func (l *log) Warnf(format string, args ...any) { l.unlessQuiet(format, args) }

// Errorf implements [server.Logger].
func (l *log) Errorf(format string, args ...any) { l.unlessQuiet(format, args) }

// Fatalf implements [server.Logger].
func (l *log) Fatalf(format string, args ...any) { l.say(format, args) }

// Debugf implements [server.Logger].
func (l *log) Debugf(string, ...any) {}

// Tracef implements [server.Logger].
func (l *log) Tracef(string, ...any) {}
