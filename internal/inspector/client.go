package inspector

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Client is a connection to a target. Its own session is that of the main
// thread. It is safe for concurrent use.
type Client struct {
	*Session
	transport Transport
	cancel    context.CancelFunc
	ended     sync.WaitGroup

	mu      sync.Mutex
	workers map[string]*Worker // by session id
}

// New makes a client of a transport and starts to read from it.
func New(t Transport) *Client {
	ctx, cancel := context.WithCancel(context.Background())
	c := &Client{transport: t, cancel: cancel, workers: map[string]*Worker{}}
	c.Session = newSession(func(message []byte) error {
		// Not the caller's context: a write that is cut short breaks the connection.
		ctx, cancel := context.WithTimeout(ctx, writeTimeout)
		defer cancel()
		return t.Write(ctx, message)
	})
	c.followWorkers()
	c.ended.Go(func() { c.read(ctx) })
	return c
}

// writeTimeout is how long the kernel may refuse a small message. The thread
// that serves the socket reads also while the program is busy.
const writeTimeout = 10 * time.Second

func (c *Client) read(ctx context.Context) {
	for {
		message, err := c.transport.Read(ctx)
		if err != nil {
			if ctx.Err() != nil {
				err = ErrClosed
			} else {
				err = fmt.Errorf("%w (%w)", ErrGone, err)
			}
			c.Session.end(err)
			c.endWorkers(err)
			_ = c.transport.Close()
			return
		}
		c.Session.receive(message)
	}
}

// Close ends the connection and with it all sessions. The target goes on.
func (c *Client) Close() error {
	c.cancel()
	err := c.transport.Close()
	c.ended.Wait()
	if errors.Is(c.Err(), ErrGone) {
		return nil // it was closed by the other side
	}
	return err
}
