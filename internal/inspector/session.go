package inspector

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Session is a conversation with one isolate: the main thread's (see [Client])
// or a worker's (see [Worker]). It is safe for concurrent use.
type Session struct {
	write func(message []byte) error

	mu       sync.Mutex
	lastID   int64
	pending  map[int64]chan<- envelope
	handlers map[string][]*func(json.RawMessage)
	err      error
	done     chan struct{}
}

func newSession(write func([]byte) error) *Session {
	return &Session{
		write:    write,
		pending:  map[int64]chan<- envelope{},
		handlers: map[string][]*func(json.RawMessage){},
		done:     make(chan struct{}),
	}
}

// Done is closed when the session has ended; Err then says why.
func (s *Session) Done() <-chan struct{} { return s.done }

// Err is nil as long as the session lives, then wraps [ErrGone] or [ErrClosed].
func (s *Session) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// callTimeout is the deadline of a call whose context has none.
const callTimeout = 30 * time.Second

// Call sends a command and waits for its answer, which it decodes into result
// unless that is nil. Without a deadline in ctx it waits 30 seconds. When ctx
// ends, the command may still take effect in the target.
func (s *Session) Call(ctx context.Context, method string, params, result any) error {
	start := time.Now()
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, callTimeout)
		defer cancel()
	}
	answer := make(chan envelope, 1)
	id, err := s.register(answer)
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	defer s.unregister(id)
	message, err := json.Marshal(command{id, method, params})
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if err := s.write(message); err != nil {
		return fmt.Errorf("%s: %w", method, s.writeError(err))
	}
	select {
	case e := <-answer:
		return e.decode(method, result)
	case <-s.done:
		select {
		case e := <-answer: // it was the last thing said
			return e.decode(method, result)
		default:
			return fmt.Errorf("%s: %w", method, s.Err())
		}
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return &TimeoutError{method, time.Since(start)}
		}
		return fmt.Errorf("%s: %w", method, ctx.Err())
	}
}

// Send sends a command and does not wait for its answer.
func (s *Session) Send(method string, params any) error {
	ignored := make(chan envelope, 1)
	id, err := s.register(ignored)
	if err != nil {
		return err
	}
	defer s.unregister(id)
	message, err := json.Marshal(command{id, method, params})
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	return s.write(message)
}

// writeError prefers the reason why the connection ended to the failed write
// that followed from it.
func (s *Session) writeError(err error) error {
	if ended := s.Err(); ended != nil {
		return ended
	}
	return fmt.Errorf("%w (%w)", ErrGone, err)
}

func (s *Session) register(answer chan<- envelope) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return 0, s.err
	}
	s.lastID++
	s.pending[s.lastID] = answer
	return s.lastID, nil
}

func (s *Session) unregister(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pending, id)
}

// On has handle called with the parameters of each event of the given method,
// one after the other, until stop is called. The parameters are valid during
// the call only. handle runs between two reads of the connection: it must not
// call the session, and as long as it runs nothing else arrives.
func (s *Session) On(method string, handle func(params json.RawMessage)) (stop func()) {
	h := &handle
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[method] = append(s.handlers[method], h)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.handlers[method] = slices.DeleteFunc(slices.Clone(s.handlers[method]),
			func(other *func(json.RawMessage)) bool { return other == h })
	}
}

// receive is called with each message, by one goroutine.
func (s *Session) receive(message []byte) {
	e, err := parse(message)
	if err != nil {
		return // not JSON: a newer protocol may say what it likes
	}
	s.mu.Lock()
	answer := s.pending[e.ID]
	handlers := s.handlers[e.Method]
	s.mu.Unlock()
	switch {
	case e.Method != "":
		for _, handle := range handlers {
			(*handle)(e.Params)
		}
	case answer != nil:
		select {
		case answer <- e:
		default: // a second answer to one command
		}
	}
}

// end fails the pending calls and all later ones.
func (s *Session) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
		close(s.done)
	}
}
