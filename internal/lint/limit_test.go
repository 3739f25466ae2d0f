package lint

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/plumb-dev/plumb/internal/lint/config"
)

// TestWithin holds that nobody waits for a look that does not end, nor falls with one
// that panics.
func TestWithin(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for name, tt := range map[string]struct {
		ctx   context.Context
		limit time.Duration
		look  func() (int, error)
		want  string
	}{
		"done":     {t.Context(), time.Hour, func() (int, error) { return 1, nil }, "1 <nil>"},
		"failed":   {t.Context(), time.Hour, func() (int, error) { return 0, errors.New("no text") }, "0 no text"},
		"panicked": {t.Context(), time.Hour, func() (int, error) { panic("here") }, "0 " + bugOfPlumb + ": here"},
		"late":     {t.Context(), time.Nanosecond, nil, "0 it takes longer than 1ns to look at"},
		"stopped":  {stopped, time.Hour, nil, "0 context canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			end := make(chan struct{})
			defer close(end)
			if tt.look == nil {
				tt.look = func() (int, error) { <-end; return 2, nil }
			}
			n, err := within(tt.ctx, tt.limit, tt.look)
			if got := fmt.Sprint(n, " ", err); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestOneLine holds that texts as only a program writes them, with as many findings as
// there is room for, are looked at to the end.
func TestOneLine(t *testing.T) {
	const handler = `require("http").createServer((q,r)=>{`
	for name, tt := range map[string]struct {
		head, each, tail string
		times, findings  int
	}{
		"globals":   {"", "g%d=1;", "", 100_000, 100_000},
		"constants": {"const c=1;", "c=%d;", "", 100_000, 100_000},
		"pushes":    {"const a=[];" + handler + "if(q.x){", "a.push(q.p%d);", "}})", 60_000, 1},
		"listeners": {"const e=new(require('events'))();" + handler, "e.on('e%d',()=>q);", "})", 30_000, 30_000},
		"races":     {"const s=new Promise(()=>{});" + handler, "Promise.race([s,q.p%d]);", "})", 30_000, 30_000},
		"timers":    {"let t;" + handler, "t=setInterval(()=>q,%d);clearInterval(t);", "})", 30_000, 0},
		"slices":    {"const m=new Map();" + handler, "m.set(q.u%d,q.b.slice(0,9));", "})", 30_000, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if testing.Short() { // the race detector takes ten times as long
				tt.times /= 10
				if tt.findings > 1 {
					tt.findings = tt.times
				}
			}
			var text strings.Builder
			text.WriteString(tt.head)
			for i := range tt.times {
				fmt.Fprintf(&text, tt.each, i)
			}
			text.WriteString(tt.tail)
			r := Text(t.Context(), "a.js", text.String(), &config.Config{})
			if len(r.Problems) > 0 || len(r.Findings) != tt.findings {
				t.Errorf("%d findings, want %d; %+v", len(r.Findings), tt.findings, r.Problems)
			}
		})
	}
}
