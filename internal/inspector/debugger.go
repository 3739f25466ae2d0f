package inspector

import (
	"context"
	"encoding/json"
	"errors"
)

// Script is a piece of source text that V8 has compiled.
type Script struct {
	ScriptID     string `json:"scriptId"`
	URL          string `json:"url"`
	SourceMapURL string `json:"sourceMapURL"`
	Length       int    `json:"length"` // UTF-16 units
	IsModule     bool   `json:"isModule"`
}

// Scripts lists the scripts that are alive, in the order of their ids. The
// program does not stop at its `debugger` statements meanwhile.
func (s *Session) Scripts(ctx context.Context) ([]Script, error) {
	var scripts []Script
	stop := s.On("Debugger.scriptParsed", func(params json.RawMessage) {
		var script Script
		if json.Unmarshal(params, &script) == nil {
			scripts = append(scripts, script)
		}
	})
	skip := map[string]any{"skip": true}
	// Old versions refuse this one before Debugger.enable, so its failure is none.
	_ = s.Call(ctx, "Debugger.setSkipAllPauses", skip, nil)
	err := s.Call(ctx, "Debugger.enable", nil, nil)
	if err == nil {
		err = errors.Join(
			s.Call(ctx, "Debugger.setSkipAllPauses", skip, nil),
			s.Call(ctx, "Debugger.disable", nil, nil),
		)
	}
	stop()
	if err != nil {
		return nil, err
	}
	return scripts, nil
}
