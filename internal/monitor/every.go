package monitor

import (
	"context"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/plumb-dev/plumb/internal/metrics"
	"github.com/plumb-dev/plumb/internal/supervise/control"
	"github.com/plumb-dev/plumb/internal/supervise/tree"
)

// exportEvery measures every Node.js process of this machine, at an address of its
// own that only this machine reaches.
func (s *Server) exportEvery(ctx context.Context) (address string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	exporter, err := metrics.NewExporter(ctx, metrics.ExporterOptions{Notice: s.options.Notice, Skip: isKept})
	if err != nil {
		_ = l.Close()
		return "", err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", exporter)
	mux.HandleFunc("GET /sd", exporter.Discovery)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.parts.start("measure every process", func() error { return exporter.Run(ctx) }, cancel)
	s.parts.start("serve their metrics", func() error {
		if err := server.Serve(l); err != http.ErrServerClosed {
			return err
		}
		return nil
	}, func() { _ = server.Close() })
	return l.Addr().String(), nil
}

// isKept tells whether plumb run keeps a process up, and shows it itself.
func isKept(pid int) bool {
	states, err := control.States()
	return err == nil && slices.ContainsFunc(states, func(s control.State) bool { return tree.Marked(pid, s.Mark) })
}
