package exhibit

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

//go:embed harness.js
var harness string

const (
	rounds = 7
	calls  = 100
)

// Measured is what a run of both programs found.
type Measured struct {
	Node  string `json:"node"` // "v20.20.2"
	Calls int    `json:"calls"`
	// Predicted is the exhibit's prediction for this Node.js; the others are measured.
	// All are bytes per call.
	Predicted int     `json:"predicted"`
	Leaky     int     `json:"leaky"`
	Fixed     int     `json:"fixed"`
	Verdict   Verdict `json:"verdict"`
}

// Verdict compares what was measured with the prediction.
type Verdict string

// The verdicts.
const (
	AsPredicted Verdict = "as predicted"
	Otherwise   Verdict = "not as predicted"
)

// Run runs the programs of e on a Node.js and measures their growth. They run in
// a folder of their own, which is removed, and end with ctx.
func Run(ctx context.Context, e *Exhibit, node string) (*Measured, error) {
	folder, err := os.MkdirTemp("", "plumb-lab")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	files := map[string]string{"harness.js": harness, "leaky.js": e.Leaky, "fixed.js": e.Fixed}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	m := &Measured{Calls: rounds * calls}
	for name, growth := range map[string]*int{"leaky.js": &m.Leaky, "fixed.js": &m.Fixed} {
		s, err := sampled(ctx, node, folder, name)
		if err != nil {
			return nil, fmt.Errorf("run exhibit %s: %w", e.Name, err)
		}
		*growth, m.Node = s.growth(e.Signal), s.Node
		if e.Name == "buffer-pool" {
			e.Predicted = s.PoolSize
		}
	}
	major, _ := strconv.Atoi(strings.Split(strings.TrimPrefix(m.Node, "v"), ".")[0])
	m.Predicted = e.For(major)
	m.Verdict = m.judge()
	return m, nil
}

// judge allows a call 8 % beside the prediction, and what holds the growth: an
// element, an entry, a listener, a view. V8's heap wobbles by tens of kilobytes a
// round, some hundred bytes a call.
func (m *Measured) judge() Verdict {
	if off := abs(m.Leaky - m.Predicted); off > m.Predicted*8/100+overhead || abs(m.Fixed) > overhead {
		return Otherwise
	}
	return AsPredicted
}

const overhead = 1200 // bytes

func abs(n int) int { return max(n, -n) }

type samples struct {
	Node     string `json:"node"`
	PoolSize int    `json:"poolSize"`
	Samples  []struct {
		HeapUsed     int `json:"heapUsed"`
		External     int `json:"external"`
		ArrayBuffers int `json:"arrayBuffers"`
	} `json:"samples"`
}

func sampled(ctx context.Context, node, folder, program string) (*samples, error) {
	cmd := exec.CommandContext(ctx, node, "--expose-gc", "--max-old-space-size=512",
		filepath.Join(folder, "harness.js"), filepath.Join(folder, program), strconv.Itoa(rounds), strconv.Itoa(calls))
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if said := strings.TrimSpace(stderr.String()); said != "" {
			return nil, fmt.Errorf("%s: %w: %s", program, err, strings.Split(said, "\n")[0])
		}
		return nil, fmt.Errorf("%s: %w", program, err)
	}
	var s samples
	if err := json.Unmarshal(out.Bytes(), &s); err != nil {
		return nil, fmt.Errorf("%s: %w", program, err)
	}
	if len(s.Samples) != rounds+1 {
		return nil, errors.New(program + ": not all rounds were sampled")
	}
	return &s, nil
}

// growth is what a call leaves behind: the median of the slopes between any two
// measurements (Theil and Sen), per call. Other work on the machine can delay what is
// collected beside the program from one round to a later one; that moves a median of
// rounds, and not this.
func (s *samples) growth(signal Signal) int {
	var slopes []int
	for i, a := range s.Samples {
		for j := i + 1; j < len(s.Samples); j++ {
			b := s.Samples[j]
			grown := b.HeapUsed - a.HeapUsed
			if signal == External {
				grown = b.External - a.External
			}
			slopes = append(slopes, grown/(j-i))
		}
	}
	slices.Sort(slopes)
	return slopes[len(slopes)/2] / calls
}
