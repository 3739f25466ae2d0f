package inspector

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// Worker is the session of a worker thread of a Node.js process.
type Worker struct {
	*Session
	ID    string // worker_threads' threadId
	Title string
	URL   string // of its script
}

// followWorkers keeps the sessions of workers once NodeWorker is enabled.
func (c *Client) followWorkers() {
	c.On("NodeWorker.attachedToWorker", func(params json.RawMessage) {
		var event struct {
			SessionID  string `json:"sessionId"`
			WorkerInfo struct {
				WorkerID string `json:"workerId"`
				Title    string `json:"title"`
				URL      string `json:"url"`
			} `json:"workerInfo"`
		}
		if json.Unmarshal(params, &event) != nil {
			return
		}
		c.addWorker(event.SessionID, &Worker{
			ID: event.WorkerInfo.WorkerID, Title: event.WorkerInfo.Title, URL: event.WorkerInfo.URL,
		})
	})
	c.On("NodeWorker.detachedFromWorker", func(params json.RawMessage) {
		var event struct {
			SessionID string `json:"sessionId"`
		}
		if json.Unmarshal(params, &event) == nil {
			c.dropWorker(event.SessionID)
		}
	})
	c.On("NodeWorker.receivedMessageFromWorker", func(params json.RawMessage) {
		var event struct {
			SessionID string `json:"sessionId"`
			Message   string `json:"message"`
		}
		if json.Unmarshal(params, &event) != nil {
			return
		}
		c.mu.Lock()
		w := c.workers[event.SessionID]
		c.mu.Unlock()
		if w != nil {
			w.receive([]byte(event.Message))
		}
	})
}

func (c *Client) addWorker(sessionID string, w *Worker) {
	w.Session = newSession(func(message []byte) error {
		// Its answer says only that the message was passed on, so nobody waits:
		// a worker that is gone is detached, which ends the session.
		return c.Send("NodeWorker.sendMessageToWorker", map[string]any{
			"sessionId": sessionID, "message": string(message),
		})
	})
	c.mu.Lock()
	defer c.mu.Unlock()
	c.workers[sessionID] = w
}

func (c *Client) dropWorker(sessionID string) {
	c.mu.Lock()
	w := c.workers[sessionID]
	delete(c.workers, sessionID)
	c.mu.Unlock()
	if w != nil {
		w.end(fmt.Errorf("%w (worker %s ended)", ErrGone, w.ID))
	}
}

func (c *Client) endWorkers(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range c.workers {
		w.end(err)
	}
}

// Workers lists the worker threads that run now, by id. A target without
// worker threads of this kind has none.
func (c *Client) Workers(ctx context.Context) ([]*Worker, error) {
	err := c.Call(ctx, "NodeWorker.enable", map[string]any{"waitForDebuggerOnStart": false}, nil)
	if NotSupported(err) {
		return nil, nil
	}
	// Node announces workers between enable and its answer.
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []*Worker
	for _, w := range c.workers {
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b *Worker) int {
		m, errA := strconv.Atoi(a.ID)
		n, errB := strconv.Atoi(b.ID)
		if errors.Join(errA, errB) != nil {
			return cmp.Compare(a.ID, b.ID)
		}
		return cmp.Compare(m, n)
	})
	return list, nil
}
