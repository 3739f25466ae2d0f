package lsp_test

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/goleak"

	"github.com/plumb-dev/plumb/internal/lint/lsp"
)

type pipes struct {
	io.Reader
	io.WriteCloser
}

// editor talks with a server as an editor does.
type editor struct {
	jsonrpc2.Conn
	found chan protocol.PublishDiagnosticsParams
	said  chan protocol.ShowMessageParams
}

func connect(t *testing.T) *editor {
	t.Helper()
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- lsp.Serve(context.WithoutCancel(t.Context()), in, out, "test")
		out.Close()
		in.Close()
	}()
	e := &editor{
		Conn:  jsonrpc2.NewConn(jsonrpc2.NewStream(pipes{fromServer, toServer})),
		found: make(chan protocol.PublishDiagnosticsParams, 10), said: make(chan protocol.ShowMessageParams, 10),
	}
	e.Go(context.WithoutCancel(t.Context()), func(ctx context.Context, reply jsonrpc2.Replier, req jsonrpc2.Request) error {
		switch req.Method() {
		case protocol.MethodTextDocumentPublishDiagnostics:
			var p protocol.PublishDiagnosticsParams
			if err := json.Unmarshal(req.Params(), &p); err != nil {
				return err
			}
			e.found <- p
		case protocol.MethodWindowShowMessage:
			var p protocol.ShowMessageParams
			if err := json.Unmarshal(req.Params(), &p); err != nil {
				return err
			}
			e.said <- p
		}
		return reply(ctx, nil, nil)
	})
	t.Cleanup(func() {
		if _, err := e.Call(context.Background(), protocol.MethodShutdown, nil, nil); err != nil {
			t.Error(err)
		}
		if err := e.Notify(context.Background(), protocol.MethodExit, nil); err != nil {
			t.Error(err)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
		e.Close()
		<-e.Done()
	})
	return e
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestEditor opens a text with mistakes, takes the fixes, and sees them go.
func TestEditor(t *testing.T) {
	e := connect(t)
	var able protocol.InitializeResult
	if _, err := e.Call(t.Context(), protocol.MethodInitialize, &protocol.InitializeParams{}, &able); err != nil {
		t.Fatal(err)
	}
	if able.ServerInfo == nil || able.ServerInfo.Name != "plumb" {
		t.Errorf("server %+v", able.ServerInfo)
	}
	dir := t.TempDir()
	at := uri.File(filepath.Join(dir, "server.js"))
	text := "function start() {\n\t/* \U0001F600 */ visits = [];\n\treturn visits;\n}\nstart();\n"
	if err := e.Notify(t.Context(), protocol.MethodTextDocumentDidOpen, &protocol.DidOpenTextDocumentParams{
		TextDocument: protocol.TextDocumentItem{URI: at, LanguageID: "javascript", Text: text},
	}); err != nil {
		t.Fatal(err)
	}
	got := <-e.found
	if len(got.Diagnostics) != 1 || got.URI != at {
		t.Fatalf("found %+v", got)
	}
	d := got.Diagnostics[0]
	want := protocol.Range{Start: protocol.Position{Line: 1, Character: 10}, End: protocol.Position{Line: 1, Character: 16}}
	if d.Code != "accidental-global" || d.Severity != protocol.DiagnosticSeverityError || d.Range != want {
		t.Errorf("found %+v", d)
	}
	var actions []protocol.CodeAction
	if _, err := e.Call(t.Context(), protocol.MethodTextDocumentCodeAction, &protocol.CodeActionParams{
		TextDocument: protocol.TextDocumentIdentifier{URI: at}, Range: d.Range,
	}, &actions); err != nil {
		t.Fatal(err)
	}
	if len(actions) != 2 || !actions[0].IsPreferred || actions[1].IsPreferred {
		t.Fatalf("actions %+v", actions)
	}
	for _, action := range actions {
		edit := action.Edit.Changes[at][0]
		lines := strings.SplitAfter(text, "\n")
		line := []rune(lines[edit.Range.Start.Line])
		units := int(edit.Range.Start.Character)
		if units > 4 {
			units-- // the smiley is two
		}
		lines[edit.Range.Start.Line] = string(line[:units]) + edit.NewText + string(line[units:])
		if err := e.Notify(t.Context(), protocol.MethodTextDocumentDidChange, map[string]any{
			"textDocument":   map[string]any{"uri": at, "version": 2},
			"contentChanges": []any{map[string]any{"text": strings.Join(lines, "")}},
		}); err != nil {
			t.Fatal(err)
		}
		if got := <-e.found; len(got.Diagnostics) != 0 {
			t.Errorf("after %q: %+v in\n%s", action.Title, got.Diagnostics, strings.Join(lines, ""))
		}
	}
	if err := e.Notify(t.Context(), protocol.MethodTextDocumentDidClose, &protocol.DidCloseTextDocumentParams{
		TextDocument: protocol.TextDocumentIdentifier{URI: at},
	}); err != nil {
		t.Fatal(err)
	}
	<-e.found
}

// TestEditorLeftOut holds that what the configuration leaves out is left alone.
func TestEditorLeftOut(t *testing.T) {
	e := connect(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "plumb.yaml"), []byte("lint:\n  ignore: [made/**]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{"made/a.js": 0, "a.js": 1} {
		if err := e.Notify(t.Context(), protocol.MethodTextDocumentDidOpen, &protocol.DidOpenTextDocumentParams{
			TextDocument: protocol.TextDocumentItem{URI: uri.File(filepath.Join(dir, name)), Text: "visits = [];"},
		}); err != nil {
			t.Fatal(err)
		}
		if got := <-e.found; len(got.Diagnostics) != want {
			t.Errorf("%s: found %+v", name, got)
		}
	}
}

// TestEditorWrong holds that what is wrong is said, and the server goes on.
func TestEditorWrong(t *testing.T) {
	e := connect(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "plumb.yaml"), []byte("lint:\n  rule: {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, at := range []uri.URI{uri.File(filepath.Join(dir, "broken.js")), "untitled:Untitled-1"} {
		if err := e.Notify(t.Context(), protocol.MethodTextDocumentDidOpen, &protocol.DidOpenTextDocumentParams{
			TextDocument: protocol.TextDocumentItem{URI: at, Text: "function ( {"},
		}); err != nil {
			t.Fatal(err)
		}
		got := <-e.found
		if len(got.Diagnostics) != 1 || !strings.HasPrefix(got.Diagnostics[0].Message, "Not looked at: ") {
			t.Errorf("%s: found %+v", at, got)
		}
	}
	if said := <-e.said; !strings.Contains(said.Message, "lint.rule") {
		t.Errorf("said %+v", said)
	}
	if _, err := e.Call(t.Context(), "textDocument/hover", map[string]any{}, nil); err == nil {
		t.Error("hover was answered")
	}
	if _, err := e.Call(t.Context(), protocol.MethodTextDocumentCodeAction, []int{1}, nil); err == nil {
		t.Error("nonsense was answered")
	}
}
