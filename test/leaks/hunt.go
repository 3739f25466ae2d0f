//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plumb-dev/plumb/internal/cli"
	"github.com/plumb-dev/plumb/internal/hunt"
	"github.com/plumb-dev/plumb/internal/leak"
	"github.com/plumb-dev/plumb/internal/leak/leaktest"
)

// huntPair hunts in the leaky server of an example and in its twin.
func huntPair(ctx context.Context, node string, ex *leaktest.Example, runs int) (*row, error) {
	dir, err := ex.Folder(ctx, examplesDir)
	if err != nil {
		return nil, err
	}
	r := &row{name: ex.Dir, leaks: len(ex.Leaks), clean: true}
	for range runs {
		leaky, err := huntIn(ctx, node, filepath.Join(dir, ex.Leaky))
		if err != nil {
			return nil, err
		}
		r.score(leaky, ex.Leaks)
		fixed, err := huntIn(ctx, node, filepath.Join(dir, ex.Fixed))
		if err != nil {
			return nil, err
		}
		if fixed.Verdict != leak.Healthy {
			r.clean = false
			r.remark("twin %s: %s", fixed.Verdict, describe(fixed))
		}
		r.seconds = append(r.seconds, leaky.Seconds, fixed.Seconds)
	}
	return r, nil
}

// huntIn runs the command as a user does, and reads its JSON.
func huntIn(ctx context.Context, node, script string) (*hunt.Result, error) {
	var out, progress bytes.Buffer
	args := []string{"hunt", "--json", "--", node, script}
	code := cli.Main(ctx, args, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &progress})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var r hunt.Result
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		return nil, fmt.Errorf("hunt in %s: exit code %d: %w\n%s", script, code, err, progress.String())
	}
	return &r, nil
}

// score counts what of the expected leaks was said.
func (r *row) score(got *hunt.Result, want []leaktest.Leak) {
	r.hunts++
	for _, l := range want {
		if got.Verdict == leak.Leaking {
			r.found++
		}
		i := slices.IndexFunc(got.Findings, func(f leak.Finding) bool {
			return f.Verdict == leak.Leaking && f.Variable == l.Variable && (l.Variable == "" || f.Container.Name == l.Name)
		})
		if i < 0 {
			r.remark("not named: %s; %s", l.Name, describe(got))
			continue
		}
		f := got.Findings[i]
		r.named++
		if at := f.Declared; (l.Line == 0 || at.Line == l.Line) && strings.HasSuffix(at.File, "/"+l.File) {
			r.line++
		} else {
			r.remark("%s at %s:%d, not %s:%d", l.Name, at.File, at.Line, l.File, l.Line)
		}
		if string(f.Cause) == l.Cause {
			r.cause++
		} else {
			r.remark("%s: cause %q, not %q", l.Name, f.Cause, l.Cause)
		}
		if f.PerRequest != l.PerRequest {
			r.remark("%s: %v per request, not %v", l.Name, f.PerRequest, l.PerRequest)
		}
	}
	for _, f := range got.Findings {
		if !slices.ContainsFunc(want, func(l leaktest.Leak) bool { return f.Variable == l.Variable }) {
			r.remark("also %s: %s %v", f.Verdict, f.Container.Name, f.Counts)
			r.extra = r.extra || f.Verdict == leak.Leaking
		}
	}
}

func describe(r *hunt.Result) string {
	text := string(r.Verdict) + ", " + r.Reason
	for _, f := range r.Findings {
		text += fmt.Sprintf("; %s %s %v", f.Verdict, f.Container.Name, f.Counts)
	}
	return text
}
