// Package lsp shows the findings of package lint in an editor, over the Language
// Server Protocol 3.16 (go.lsp.dev/protocol).
//
// The editor sends a text when it is opened and, whole, after each change; the
// server answers with its diagnostics. For each there are quick fixes: what the
// rule proposes, and a comment that suppresses it. Nothing is changed but by the
// editor. plumb.yaml is read again for every text, so a change of it shows at
// the next keystroke.
package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/plumb-dev/plumb/internal/lint"
	"github.com/plumb-dev/plumb/internal/lint/config"
)

// Serve speaks with an editor until it says exit, the stream ends, or ctx is
// done. Version is plumb's.
func Serve(ctx context.Context, in io.Reader, out io.Writer, version string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &server{version: version, texts: map[uri.URI]*document{}, exit: cancel}
	s.conn = jsonrpc2.NewConn(jsonrpc2.NewStream(stream{in, out}))
	s.conn.Go(ctx, s.handle)
	select {
	case <-s.conn.Done():
		if err := s.conn.Err(); err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("serve the editor: %w", err)
		}
		return nil
	case <-ctx.Done():
		return nil
	}
}

// stream is the two halves of a connection. Closing it is the caller's matter.
type stream struct {
	io.Reader
	io.Writer
}

func (stream) Close() error { return nil }

type server struct {
	conn    jsonrpc2.Conn
	version string
	exit    func()

	mu    sync.Mutex
	texts map[uri.URI]*document
}

// document is an open text and what was found in it.
type document struct {
	text     string
	findings []lint.Finding
}

func (s *server) handle(ctx context.Context, reply jsonrpc2.Replier, req jsonrpc2.Request) error {
	switch req.Method() {
	case protocol.MethodInitialize:
		return reply(ctx, s.abilities(), nil)
	case protocol.MethodShutdown:
		return reply(ctx, nil, nil)
	case protocol.MethodExit:
		s.exit()
		return nil
	case protocol.MethodTextDocumentDidOpen:
		var p protocol.DidOpenTextDocumentParams
		if err := json.Unmarshal(req.Params(), &p); err != nil {
			return reply(ctx, nil, bad(err))
		}
		return s.look(ctx, p.TextDocument.URI, p.TextDocument.Text)
	case protocol.MethodTextDocumentDidChange:
		var p protocol.DidChangeTextDocumentParams
		if err := json.Unmarshal(req.Params(), &p); err != nil {
			return reply(ctx, nil, bad(err))
		}
		if n := len(p.ContentChanges); n > 0 {
			return s.look(ctx, p.TextDocument.URI, p.ContentChanges[n-1].Text)
		}
		return nil
	case protocol.MethodTextDocumentDidClose:
		var p protocol.DidCloseTextDocumentParams
		if err := json.Unmarshal(req.Params(), &p); err != nil {
			return reply(ctx, nil, bad(err))
		}
		s.mu.Lock()
		delete(s.texts, p.TextDocument.URI)
		s.mu.Unlock()
		return s.publish(ctx, p.TextDocument.URI, []protocol.Diagnostic{})
	case protocol.MethodTextDocumentCodeAction:
		var p protocol.CodeActionParams
		if err := json.Unmarshal(req.Params(), &p); err != nil {
			return reply(ctx, nil, bad(err))
		}
		return reply(ctx, s.actions(&p), nil)
	default:
		return jsonrpc2.MethodNotFoundHandler(ctx, reply, req)
	}
}

func bad(err error) error {
	return fmt.Errorf("%w: %w", jsonrpc2.ErrInvalidParams, err)
}

func (s *server) abilities() *protocol.InitializeResult {
	return &protocol.InitializeResult{
		Capabilities: protocol.ServerCapabilities{
			TextDocumentSync:   &protocol.TextDocumentSyncOptions{OpenClose: true, Change: protocol.TextDocumentSyncKindFull},
			CodeActionProvider: &protocol.CodeActionOptions{CodeActionKinds: []protocol.CodeActionKind{protocol.QuickFix}},
		},
		ServerInfo: &protocol.ServerInfo{Name: "plumb", Version: s.version},
	}
}

// look reads a text and tells the editor what is in it.
func (s *server) look(ctx context.Context, at uri.URI, text string) error {
	path := filename(at)
	cfg, err := config.Find(filepath.Dir(path))
	if err != nil {
		cfg = &config.Config{}
		note := &protocol.ShowMessageParams{Type: protocol.MessageTypeWarning, Message: "plumb: " + err.Error()}
		if err := s.conn.Notify(ctx, protocol.MethodWindowShowMessage, note); err != nil {
			return err
		}
	}
	result := &lint.Result{}
	if !lint.LeftOut(path, cfg) {
		result = lint.Text(ctx, path, text, cfg)
	}
	s.mu.Lock()
	s.texts[at] = &document{text, result.Findings}
	s.mu.Unlock()
	list := []protocol.Diagnostic{}
	for i := range result.Findings {
		if f := &result.Findings[i]; f.Counts() {
			list = append(list, diagnostic(f))
		}
	}
	for i := range result.Problems {
		list = append(list, problem(&result.Problems[i]))
	}
	return s.publish(ctx, at, list)
}

func (s *server) publish(ctx context.Context, at uri.URI, list []protocol.Diagnostic) error {
	return s.conn.Notify(ctx, protocol.MethodTextDocumentPublishDiagnostics, &protocol.PublishDiagnosticsParams{URI: at, Diagnostics: list})
}

// filename is the path of a text; one that was never saved has none, but a name.
func filename(at uri.URI) (path string) {
	defer func() {
		if recover() != nil { // the library panics at what is no file
			path = filepath.Base(string(at))
		}
	}()
	return at.Filename()
}
