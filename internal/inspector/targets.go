package inspector

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// Target is an entry of /json/list.
type Target struct {
	ID           string `json:"id"`
	Type         string `json:"type"`  // node, page, worker, ...
	Title        string `json:"title"` // of a Node process: its script
	URL          string `json:"url"`
	WebSocketURL string `json:"webSocketDebuggerUrl"` // "" when another debugger has the target
}

// StatusError is an HTTP status that is no success. An inspector that does not
// publish its secret answers 404 to everything.
type StatusError struct{ Code int }

func (e *StatusError) Error() string {
	return fmt.Sprintf("status %d %s", e.Code, http.StatusText(e.Code))
}

// Targets asks the inspector at host:port what it can inspect.
func Targets(ctx context.Context, address string, dial Dialer) ([]Target, error) {
	var targets []Target
	if err := get(ctx, "http://"+address+"/json/list", dial, &targets); err != nil {
		return nil, fmt.Errorf("list targets at %s: %w", address, err)
	}
	return targets, nil
}

// longestList bounds what is read from a port that may belong to anything.
const longestList = 4 << 20

func get(ctx context.Context, url string, dial Dialer, out any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	client := dial.client()
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return &StatusError{resp.StatusCode}
	}
	return json.NewDecoder(io.LimitReader(resp.Body, longestList)).Decode(out)
}
