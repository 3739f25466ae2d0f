package record

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/plumb-dev/plumb/internal/inspector"
	"github.com/plumb-dev/plumb/internal/lab"
)

const (
	maxFrames  = 12
	maxUnknown = 20 // objects out of sight, where there are no snapshots
)

// walked is what the agent tells of one stop.
type walked struct {
	Variables [][]lab.Variable `json:"variables"` // of each scope that it was given
	Globals   []lab.Variable   `json:"globals"`
	Objects   []lab.Object     `json:"objects"`
	Left      int              `json:"left"`
	// The name in the last call of plumbStage.
	Stage       string           `json:"stage"`
	Collections []lab.Collection `json:"collections"` // since the last stop
}

// step records one stop.
func (r *recorder) step(ctx context.Context, stop pause) error {
	frames, scopes := r.frames(stop)
	if len(frames) == 0 {
		return nil
	}
	var w walked
	if err := r.walk(ctx, scopes, &w); err != nil {
		return err
	}
	n := 0
	for i := range frames {
		for range frames[i].scopes {
			for _, v := range w.Variables[n] {
				v.Scope = scopes[n].Type
				v.Context = v.Scope == "closure" || v.Scope == "module"
				frames[i].Variables = append(frames[i].Variables, v)
			}
			n++
		}
	}
	s := lab.Step{Objects: w.Objects, Left: w.Left, Output: r.program.output(), Stage: w.Stage, Collections: w.Collections}
	s.File, s.Line, s.Column = r.files.place(stop.CallFrames[0].Location)
	for _, f := range frames {
		s.Frames = append(s.Frames, f.Frame)
	}
	if len(w.Globals) > 0 {
		for i := range w.Globals {
			w.Globals[i].Scope = "global"
		}
		s.Frames = append(s.Frames, lab.Frame{Function: "globalThis", File: s.File, Variables: w.Globals})
	}
	r.remember(&s)
	if r.opts.Checkpoint != nil && r.opts.Checkpoint(len(r.trace.Steps)) {
		if err := r.checkpoint(ctx, &s); err != nil {
			return fmt.Errorf("take a snapshot: %w", err)
		}
	}
	r.trace.Steps = append(r.trace.Steps, s)
	return r.program.client.Send("Runtime.callFunctionOn", map[string]any{
		"objectId": r.agent, "functionDeclaration": "function () { this.resume(); }", "silent": true,
	})
}

type frame struct {
	lab.Frame
	scopes []scope
}

// frames are the calls in the program's own files, and their scopes one after the
// other.
func (r *recorder) frames(stop pause) (frames []frame, scopes []scope) {
	for _, call := range stop.CallFrames {
		if _, own := r.files.number[call.Location.ScriptID]; !own || len(frames) == maxFrames {
			continue
		}
		file, line, _ := r.files.place(call.Location)
		f := frame{Frame: lab.Frame{Function: call.FunctionName, File: file, Line: line}}
		if f.Function == "" {
			f.Function = "(top level)"
		}
		for _, s := range call.ScopeChain {
			if s.Type != "global" && s.Object.ObjectID != "" {
				f.scopes = append(f.scopes, s)
				scopes = append(scopes, s)
			}
		}
		frames = append(frames, f)
	}
	return frames, scopes
}

// walk asks the agent.
func (r *recorder) walk(ctx context.Context, scopes []scope, w *walked) error {
	type argument struct {
		ObjectID string `json:"objectId"`
	}
	arguments := make([]argument, len(scopes))
	for i, s := range scopes {
		arguments[i].ObjectID = s.Object.ObjectID
	}
	var answer struct {
		Result    inspector.RemoteObject `json:"result"`
		Exception *struct {
			Text      string                 `json:"text"`
			Exception inspector.RemoteObject `json:"exception"`
		} `json:"exceptionDetails"`
	}
	err := r.program.client.Call(ctx, "Runtime.callFunctionOn", map[string]any{
		"objectId": r.agent, "functionDeclaration": "function (...scopes) { return this.walk(...scopes); }",
		"arguments": arguments, "returnByValue": true, "silent": true,
	}, &answer)
	if err != nil {
		return err
	}
	if answer.Exception != nil {
		text, _, _ := strings.Cut(answer.Exception.Exception.Description, "\n")
		return fmt.Errorf("describe the scopes: %s %s", answer.Exception.Text, text)
	}
	var text string
	if err := json.Unmarshal(answer.Result.Value, &text); err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), w)
}

// remember keeps what is in sight, and adds to the step what no longer is.
func (r *recorder) remember(s *lab.Step) {
	inSight := map[int]bool{}
	for _, o := range s.Objects {
		inSight[o.ID] = true
	}
	held := lab.Holders(s)
	for _, o := range s.Objects {
		k := r.objects[o.ID]
		k.object, k.held = o, held[o.ID]
		r.objects[o.ID] = k
	}
	var gone []int
	for id := range r.objects {
		if !inSight[id] {
			gone = append(gone, id)
		}
	}
	slices.Sort(gone)
	// Without snapshots nobody says that they are dead: only the last are kept.
	if older := len(gone) - maxUnknown; r.opts.Checkpoint == nil && older > 0 {
		for _, id := range gone[:older] {
			delete(r.objects, id)
		}
		gone = gone[older:]
	}
	for _, id := range gone {
		o := r.objects[id].object
		o.OutOfSight, o.Heap = true, nil
		o.Props = slices.DeleteFunc(slices.Clone(o.Props), func(p lab.Prop) bool {
			_, there := r.objects[p.Value.Ref]
			return p.Captured || p.Value.Ref != 0 && !there
		})
		s.Objects = append(s.Objects, o)
	}
}
