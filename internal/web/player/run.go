package player

import (
	"context"
	"os"
	"path/filepath"

	"github.com/plumb-dev/plumb/internal/lab"
	"github.com/plumb-dev/plumb/internal/lab/exhibit"
	"github.com/plumb-dev/plumb/internal/lab/record"
	"github.com/plumb-dev/plumb/internal/lab/stage"
)

type recordInput struct {
	Body struct {
		Exhibit string `json:"exhibit,omitempty" doc:"the exhibit whose program is called three times; without one, the tutorial's demo runs"`
		Fixed   bool   `json:"fixed,omitempty" doc:"the fix, not the leak"`
	}
}

// Recorded is a recording that was made.
type Recorded struct {
	ID string `json:"id"`
}

func (p *Part) record(ctx context.Context, in *recordInput) (*output[Recorded], error) {
	files := map[string]string{"demo.js": stage.Demo}
	main := "demo.js"
	if in.Body.Exhibit != "" {
		e, err := find(in.Body.Exhibit)
		if err != nil {
			return nil, err
		}
		files, main = e.Called(in.Body.Fixed)
	}
	var t *lab.Trace
	err := p.alone(ctx, func(ctx context.Context) error {
		return folder(func(path string) (err error) {
			if err := write(path, files); err != nil {
				return err
			}
			t, err = record.Record(ctx, filepath.Join(path, main), record.Options{
				Node: p.node, Steps: 300, Time: longest / 2, Memory: 512, Checkpoint: record.FewCheckpoints,
			})
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return &output[Recorded]{Recorded{p.Add(t)}}, nil
}

func write(folder string, files map[string]string) error {
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (p *Part) stages(ctx context.Context, _ *struct{}) (*output[stage.Report], error) {
	var r *stage.Report
	err := p.alone(ctx, func(ctx context.Context) error {
		return folder(func(path string) (err error) {
			if err := write(path, map[string]string{"demo.js": stage.Demo}); err != nil {
				return err
			}
			program := filepath.Join(path, "demo.js")
			if r, err = stage.Run(ctx, p.node, program, nil); err != nil {
				return err
			}
			t, err := record.Record(ctx, program, record.Options{Node: p.node, Steps: 300, Time: longest / 2, Memory: 512, Checkpoint: record.FewCheckpoints})
			if err == nil {
				r.Died(t)
			}
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return &output[stage.Report]{*r}, nil
}

// Prevention is the pairs, and what Node.js printed.
type Prevention struct {
	Habits []exhibit.Habit `json:"habits" nullable:"false"`
}

func (p *Part) prevention(ctx context.Context, _ *struct{}) (*output[Prevention], error) {
	var all Prevention
	err := p.alone(ctx, func(ctx context.Context) (err error) {
		all.Habits, err = exhibit.Habits(ctx, p.node)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &output[Prevention]{all}, nil
}
