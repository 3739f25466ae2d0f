package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"github.com/plumb-dev/plumb/internal/load"
)

// serveForLoad is the command "serve" of scripts: a server in $URL, with
//
//	/             ok
//	/json         only for POST with JSON
//	/token        only with the header X-Token: secret
//	/status/500   and any other status: answers with it
//	/cut          breaks off
func serveForLoad(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: serve")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	mux.HandleFunc("POST /json", func(w http.ResponseWriter, r *http.Request) {
		var v struct{ ID int64 }
		if r.Header.Get("Content-Type") != "application/json" || json.NewDecoder(r.Body).Decode(&v) != nil || v.ID == 0 {
			w.WriteHeader(http.StatusBadRequest)
		}
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Token") != "secret" {
			w.WriteHeader(http.StatusForbidden)
		}
	})
	mux.HandleFunc("/status/500", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	mux.HandleFunc("/cut", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	server := httptest.NewServer(mux)
	ts.Defer(server.Close)
	ts.Setenv("URL", server.URL)
	ts.Setenv("HOST", server.Listener.Addr().String())
}

// Ctrl-C prints what was measured, and exits as a command that did not finish.
func TestLoadInterrupted(t *testing.T) {
	defer goleak.VerifyNone(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var n atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if n.Add(1) == 100 {
			cancel()
		}
	}))
	defer server.Close()
	var out, errs bytes.Buffer
	code := Main(ctx, []string{"load", server.URL, "-c", "1", "-k", "--json"}, Streams{In: &bytes.Buffer{}, Out: &out, Err: &errs})
	var r load.Report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatalf("%v: %q", err, out.String())
	}
	if code != 2 || !r.Interrupted || r.Requests != n.Load() || r.Completed+r.Unfinished != r.Requests {
		t.Errorf("exit code %d, the server has seen %d: %+v", code, n.Load(), r)
	}
	if !bytes.Contains(errs.Bytes(), []byte("error: interrupted\n")) {
		t.Errorf("%s", errs.String())
	}
}
