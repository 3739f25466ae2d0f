package heapcmd

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/devtools"
)

// contextsResult is heap contexts --json. Sizes are bytes, start and end are
// positions in the script's source, scopeInfo and scriptId are object ids.
type contextsResult struct {
	Scopes               []scopeRow          `json:"scopes"`
	ScriptsWithoutScopes []unscopedScriptRow `json:"scriptsWithoutScopes"`
	Note                 string              `json:"note,omitempty"`
}

type scopeRow struct {
	ScopeInfo  uint64         `json:"scopeInfo"`
	Script     uint64         `json:"scriptId"`
	ScriptName terminal.Text  `json:"script"`
	Function   *terminal.Text `json:"function,omitempty"` // absent for a block
	Start      int64          `json:"start"`
	End        int64          `json:"end"`
	Fields     int            `json:"fields"`
	Contexts   []contextRow   `json:"contexts"`
}

type contextRow struct {
	ID       uint64     `json:"id"`
	Retained uint64     `json:"retained"`
	Dead     uint64     `json:"dead"` // retained by the dead fields, summed
	Fields   []fieldRow `json:"fields"`
}

type fieldRow struct {
	Name  terminal.Text `json:"field"`
	Value objectRow     `json:"value"`
}

type unscopedScriptRow struct {
	ID       uint64        `json:"id"`
	Name     terminal.Text `json:"name"`
	Contexts int           `json:"contexts"`
}

func newHeapContextsCommand(ui *terminal.UI) *cobra.Command {
	var rows terminal.Listing
	cmd := &cobra.Command{
		Use:   "contexts FILE",
		Short: "Find variables that closures keep alive though no code can read them",
		Long: "Finds dead fields of contexts: variables that stay alive because a closure shares their scope, though no\n" +
			"living function can read them any more. It needs the scopes that Chrome 156 and later write into snapshots.",
		Example: "plumb heap contexts page.heapsnapshot",
		Args:    terminal.Takes("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withView(ui, cmd, args[0], func(v *devtools.View) error {
				analysis := v.Contexts()
				t := contextsTable(v, analysis)
				if err := rows.Apply(ui, cmd, t, "fields"); err != nil {
					return err
				}
				return ui.Print(terminal.Result{
					JSON:  newContextsResult(v, analysis),
					Table: t,
					Text:  func(w io.Writer) error { return ui.WriteTable(w, t) },
				})
			})
		},
	}
	rows.Add(cmd, "largest dead size of a context first")
	return cmd
}

// contextsTable has a row for each dead field.
func contextsTable(v *devtools.View, analysis devtools.ContextAnalysis) *terminal.Table {
	s := v.Snapshot()
	t := &terminal.Table{
		Columns: []terminal.Column{
			{Key: "field", Title: "Dead variable", Kind: terminal.Words},
			{Key: "value", Title: "Holds", Kind: terminal.Words},
			{Key: "retained", Title: "Retained Size", Kind: terminal.Kilobytes},
			{Key: "context", Title: "Context", Kind: terminal.Number},
			{Key: "function", Title: "Function", Kind: terminal.Words},
			{Key: "script", Title: "Script", Kind: terminal.Words},
			{Key: "start", Title: "Start", Kind: terminal.Number},
			{Key: "end", Title: "End", Kind: terminal.Number},
		},
		Empty: noDeadFields(v, analysis),
	}
	for _, scope := range analysis.Scopes {
		for _, c := range scope.Contexts {
			for _, f := range c.Fields {
				t.Rows = append(t.Rows, []any{
					f.Name, objectLabel(v, f.Value), s.RetainedSize(f.Value),
					s.ID(c.Node), scope.Function, scope.ScriptName, scope.Start, scope.End,
				})
			}
		}
	}
	return t
}

func newContextsResult(v *devtools.View, analysis devtools.ContextAnalysis) contextsResult {
	s := v.Snapshot()
	out := contextsResult{Scopes: []scopeRow{}, ScriptsWithoutScopes: []unscopedScriptRow{}}
	for _, scope := range analysis.Scopes {
		row := scopeRow{
			ScopeInfo: s.ID(scope.ScopeInfo), Script: s.ID(scope.Script), ScriptName: terminal.Text(scope.ScriptName),
			Start: scope.Start, End: scope.End, Fields: scope.FieldCount,
		}
		if scope.HasFunction {
			name := terminal.Text(scope.Function)
			row.Function = &name
		}
		for _, c := range scope.Contexts {
			context := contextRow{ID: s.ID(c.Node), Retained: s.RetainedSize(c.Node), Dead: c.DeadSize}
			for _, f := range c.Fields {
				context.Fields = append(context.Fields, fieldRow{terminal.Text(f.Name), newObjectRow(v, f.Value)})
			}
			row.Contexts = append(row.Contexts, context)
		}
		out.Scopes = append(out.Scopes, row)
	}
	for _, script := range analysis.ScriptsWithoutScopes {
		out.ScriptsWithoutScopes = append(out.ScriptsWithoutScopes,
			unscopedScriptRow{s.ID(script.Script), terminal.Text(script.Name), script.Contexts})
	}
	if len(out.Scopes) == 0 {
		out.Note = noDeadFields(v, analysis)
	}
	return out
}

// noDeadFields says why nothing was found.
func noDeadFields(v *devtools.View, analysis devtools.ContextAnalysis) string {
	switch {
	case v.Snapshot().Scopes() == nil:
		return "The snapshot has no scopes, so no variable can be judged: take it with Chrome 156 or later."
	case len(analysis.ScriptsWithoutScopes) > 0:
		return "No dead variables in the scripts that the snapshot has scopes for."
	}
	return "No dead variables: living functions can read everything that contexts hold."
}
