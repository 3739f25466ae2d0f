package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/plumb-dev/plumb/internal/node"
	"github.com/plumb-dev/plumb/internal/supervise"
)

// Apps is what a server answers for.
type Apps interface {
	Status() []supervise.Status
	Restart(ctx context.Context, app string) error
	Reload(ctx context.Context, app string) error
	Stop(ctx context.Context, app string) error
	// Connection is how an instance can be asked itself.
	Connection(app string, instance int) (supervise.Connection, error)
}

// Logs writes the last lines of what an app has printed, and what follows until
// ctx ends.
type Logs func(ctx context.Context, w io.Writer, app string, lines int, follow bool) error

// Server answers for the apps of this process.
type Server struct {
	Socket string

	http   *http.Server
	cancel context.CancelFunc
	ended  sync.WaitGroup
}

// Listen starts a server. The name of its socket has our process id in it.
func Listen(apps Apps, logs Logs) (*Server, error) {
	folder, err := socketFolder()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(folder, strconv.Itoa(os.Getpid())+".sock")
	_ = os.Remove(path) // of another process that had our id, and was killed
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen on control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("listen on control socket: %w", err), listener.Close())
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{Socket: path, cancel: cancel, http: &http.Server{
		Handler: routes(apps, logs), ReadHeaderTimeout: 5 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}}
	s.ended.Go(func() { _ = s.http.Serve(listener) })
	return s, nil
}

// Close waits for the answers that are under way.
func (s *Server) Close() {
	s.cancel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if s.http.Shutdown(ctx) != nil {
		_ = s.http.Close()
	}
	s.ended.Wait()
}

// Failure is the answer of a request that failed.
type Failure struct {
	Text string `json:"error"`
	Hint string `json:"hint,omitempty"`
}

func (f *Failure) Error() string { return f.Text }

// A profile of a program in production: one allocation of so many bytes is picked, which
// costs little.
const (
	longestProfile = 10 * time.Minute
	sampleInterval = 128 << 10
)

func routes(apps Apps, logs Logs) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, apps.Status()) })
	for verb, do := range map[string]func(context.Context, string) error{"restart": apps.Restart, "reload": apps.Reload, "stop": apps.Stop} {
		mux.HandleFunc("POST /apps/{app}/"+verb, func(w http.ResponseWriter, r *http.Request) {
			if err := do(r.Context(), r.PathValue("app")); err != nil {
				code := http.StatusConflict
				if errors.Is(err, supervise.ErrNoApp) {
					code = http.StatusNotFound
				}
				answer(w, code, Failure{Text: err.Error()})
				return
			}
			answer(w, http.StatusOK, apps.Status())
		})
	}
	mux.HandleFunc("POST /apps/{app}/{instance}/collect", func(w http.ResponseWriter, r *http.Request) {
		within(w, r, apps, func(c supervise.Connection) (any, error) { return c.Process.Collect(r.Context()) })
	})
	mux.HandleFunc("POST /apps/{app}/{instance}/capture", func(w http.ResponseWriter, r *http.Request) {
		within(w, r, apps, func(c supervise.Connection) (any, error) {
			defer c.Pause()()
			return c.Process.Capture(r.Context(), r.FormValue("path"), node.CaptureOptions{Label: r.FormValue("label")})
		})
	})
	mux.HandleFunc("POST /apps/{app}/{instance}/profile", func(w http.ResponseWriter, r *http.Request) {
		within(w, r, apps, func(c supervise.Connection) (any, error) {
			during, err := time.ParseDuration(r.FormValue("for"))
			if err != nil || during <= 0 || during > longestProfile {
				return nil, fmt.Errorf("a profile takes %s at most", longestProfile)
			}
			return c.Process.Sample(r.Context(), during, node.SamplingOptions{Interval: sampleInterval, Live: true})
		})
	})
	mux.HandleFunc("GET /apps/{app}/logs", func(w http.ResponseWriter, r *http.Request) {
		lines, _ := strconv.Atoi(r.FormValue("lines"))
		_ = logs(r.Context(), flushing{w, http.NewResponseController(w)}, r.PathValue("app"), lines, r.FormValue("follow") != "")
	})
	return mux
}

// within asks an instance itself.
func within(w http.ResponseWriter, r *http.Request, apps Apps, ask func(supervise.Connection) (any, error)) {
	number, err := strconv.Atoi(r.PathValue("instance"))
	if err != nil {
		answer(w, http.StatusNotFound, Failure{Text: "instances are numbers"})
		return
	}
	c, err := apps.Connection(r.PathValue("app"), number)
	if err == nil {
		var said any
		if said, err = ask(c); err == nil {
			answer(w, http.StatusOK, said)
			return
		}
	}
	f := Failure{Text: err.Error()}
	var known *node.Error
	if errors.As(err, &known) {
		f.Hint = known.Hint
	}
	answer(w, http.StatusConflict, f)
}

func answer(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v)
}

// flushing sends each write at once.
type flushing struct {
	w       io.Writer
	control *http.ResponseController
}

func (f flushing) Write(p []byte) (int, error) {
	n, err := f.w.Write(p)
	if err == nil {
		err = f.control.Flush()
	}
	return n, err
}
