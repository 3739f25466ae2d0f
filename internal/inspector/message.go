package inspector

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// command is what we send.
type command struct {
	ID     int64  `json:"id"`
	Method string `json:"method"`
	Params any    `json:"params,omitempty"`
}

// envelope is what comes: a response (ID) or an event (Method).
type envelope struct {
	ID     int64           `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *ProtocolError  `json:"error"`
}

// parse reads the outer members of a message. Events are split by hand: V8
// writes method and params in this order and nothing else, and params of a
// megabyte need not be checked here.
func parse(message []byte) (envelope, error) {
	if rest, ok := bytes.CutPrefix(message, []byte(`{"method":"`)); ok {
		if method, params, ok := bytes.Cut(rest, []byte(`","params":`)); ok && bytes.IndexByte(method, '"') < 0 {
			if params, ok := bytes.CutSuffix(params, []byte("}")); ok && bytes.HasPrefix(params, []byte("{")) {
				return envelope{Method: string(method), Params: params}, nil
			}
		}
	}
	var e envelope
	if err := json.Unmarshal(message, &e); err != nil {
		return e, fmt.Errorf("read message: %w", err)
	}
	return e, nil
}

func (e *envelope) decode(method string, result any) error {
	if e.Error != nil {
		e.Error.Method = method
		return e.Error
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(e.Result, result); err != nil {
		return fmt.Errorf("%s: read answer: %w", method, err)
	}
	return nil
}
