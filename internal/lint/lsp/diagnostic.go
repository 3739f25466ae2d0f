package lsp

import (
	"fmt"
	"strings"
	"unicode/utf16"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/plumb-dev/plumb/internal/lint"
	"github.com/plumb-dev/plumb/internal/lint/rule"
	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// pages is where the rules are documented.
const pages = "https://github.com/plumb-dev/plumb/blob/main/docs/lint.md#"

var severities = map[rule.Severity]protocol.DiagnosticSeverity{
	rule.Error: protocol.DiagnosticSeverityError, rule.Warning: protocol.DiagnosticSeverityWarning,
	rule.Suspicion: protocol.DiagnosticSeverityInformation,
}

func diagnostic(f *lint.Finding) protocol.Diagnostic {
	d := protocol.Diagnostic{
		Range: span(f), Severity: severities[f.Severity], Code: f.Rule, Source: "plumb",
		CodeDescription: &protocol.CodeDescription{Href: protocol.URI(pages + f.Rule)},
		Message:         f.Sentence(""),
	}
	if f.Declared.Line > 0 && (f.Declared.Line != f.Line || f.Declared.File != f.File) {
		at := position(f.Declared.Line, 1)
		d.RelatedInformation = []protocol.DiagnosticRelatedInformation{{
			Location: protocol.Location{URI: uri.File(f.Declared.File), Range: protocol.Range{Start: at, End: at}},
			Message:  f.Name + " is declared here.",
		}}
	}
	return d
}

// problem shows why a text was not looked at, or a comment is of no use.
func problem(p *lint.Problem) protocol.Diagnostic {
	at := position(max(p.Line, 1), max(p.Column, 1))
	return protocol.Diagnostic{
		Range: protocol.Range{Start: at, End: at}, Severity: protocol.DiagnosticSeverityInformation, Source: "plumb",
		Message: p.Sentence(),
	}
}

func position(line, column int) protocol.Position {
	return protocol.Position{Line: uint32(line - 1), Character: uint32(column - 1)}
}

// span is what an editor underlines: the name, or the rest of the line.
func span(f *lint.Finding) protocol.Range {
	end := f.Column + f.Length
	if f.Length == 0 {
		for _, l := range f.Code {
			if l.Column > 0 {
				end = f.Column - l.Column + 1 + len(utf16.Encode([]rune(strings.TrimRight(l.Text, " \t"))))
			}
		}
	}
	return protocol.Range{Start: position(f.Line, f.Column), End: position(f.Line, max(end, f.Column))}
}

// actions are the quick fixes of the findings in a range.
func (s *server) actions(p *protocol.CodeActionParams) []protocol.CodeAction {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []protocol.CodeAction{}
	doc := s.texts[p.TextDocument.URI]
	if doc == nil {
		return list
	}
	for i := range doc.findings {
		f := &doc.findings[i]
		r := span(f)
		if !f.Counts() || r.End.Line < p.Range.Start.Line || r.Start.Line > p.Range.End.Line {
			continue
		}
		add := func(title string, preferred bool, edits ...rule.Edit) {
			changes := make([]protocol.TextEdit, len(edits))
			for i, e := range edits {
				at := position(e.At.Line, e.At.Column)
				changes[i] = protocol.TextEdit{Range: protocol.Range{Start: at, End: at}, NewText: e.Insert}
			}
			list = append(list, protocol.CodeAction{
				Title: title, Kind: protocol.QuickFix, IsPreferred: preferred, Diagnostics: []protocol.Diagnostic{diagnostic(f)},
				Edit: &protocol.WorkspaceEdit{Changes: map[uri.URI][]protocol.TextEdit{p.TextDocument.URI: changes}},
			})
		}
		if f.Fix != nil {
			add(f.Fix.Title, f.Fix.Safe, f.Fix.Edits...)
		}
		add(fmt.Sprintf("Suppress %s here (say why)", f.Rule), false, rule.Edit{
			At:     syntax.Position{Line: f.Line, Column: 1},
			Insert: fmt.Sprintf("%s// plumb-disable-next-line %s -- TODO: why\n", indent(doc.text, f.Line), f.Rule),
		})
	}
	return list
}

// indent is the white space that a line begins with.
func indent(text string, line int) string {
	for range line - 1 {
		_, text, _ = strings.Cut(text, "\n")
	}
	return text[:len(text)-len(strings.TrimLeft(text, " \t"))]
}
