package devtools

import (
	"slices"

	"github.com/plumb-dev/plumb/heap"
)

// scopeKey names a scope: ids are unique within a script only. The script is a
// node; the id is what the file says, so -2 in a scope section is 2 (minus
// signs are skipped there) while -2 in the graph stays -2 and finds nothing.
type scopeKey struct {
	script uint64
	id     int64
}

// scope is a lexical scope of the source.
type scope struct {
	id        int64
	parent    *scope
	variables []variable
}

// variable is a variable that lives in contexts, and the scopes that use it.
type variable struct {
	name string
	uses []*scope
}

// scopeTable holds the scope sections of a snapshot.
type scopeTable struct {
	scopes  map[scopeKey]*scope
	scripts map[uint64]bool // scripts that have scopes
}

// variable finds the first variable of that name.
func (s *scope) variable(name string) *variable {
	for i := range s.variables {
		if s.variables[i].name == name {
			return &s.variables[i]
		}
	}
	return nil
}

// readScopes reads the scope sections (parseEmbeddedScopes): scopes in
// preorder with their depth, each followed by its variables and its uses in
// the two other sections.
func readScopes(s *heap.Snapshot) scopeTable {
	t := scopeTable{scopes: make(map[scopeKey]*scope), scripts: make(map[uint64]bool)}
	raw, meta := s.Scopes(), s.Meta()
	if raw == nil || len(meta.ScopeFields) == 0 {
		return t
	}
	scopes := section{meta.ScopeFields, raw.Scopes}
	vars := section{meta.ScopeContextVarFields, raw.ContextVars}
	uses := section{meta.ScopeUseFields, raw.Uses}
	nodeFields := uint64(len(meta.NodeFields))

	var stack []*scope // by depth
	var script uint64
	for row, at := 0, 0; row < scopes.rows(); row++ {
		if of := scopes.at(row, "script_node_index") / nodeFields; of != script || row == 0 {
			script, stack = of, nil
		}
		depth := int(min(scopes.at(row, "depth"), uint64(scopes.rows())))
		sc := &scope{id: int64(scopes.at(row, "scope_id"))}
		for range scopes.at(row, "scope_context_vars_count") {
			if at >= vars.rows() {
				break
			}
			v := variable{}
			if name := vars.at(at, "name"); name < uint64(s.StringCount()) {
				v.name = s.String(heap.StringID(name))
			}
			sc.variables = append(sc.variables, v)
			at++
		}
		if depth > 0 && depth <= len(stack) {
			sc.parent = stack[depth-1]
		}
		stack = append(stack[:min(depth, len(stack))], make([]*scope, max(0, depth-len(stack)))...)
		stack = append(stack, sc)
		t.scripts[script] = true
		t.scopes[scopeKey{script, sc.id}] = sc
	}
	for row, at := 0, 0; row < scopes.rows(); row++ {
		script := scopes.at(row, "script_node_index") / nodeFields
		user := t.scopes[scopeKey{script, int64(scopes.at(row, "scope_id"))}]
		for range scopes.at(row, "scope_uses_count") {
			if at >= uses.rows() {
				break
			}
			declaring := t.scopes[scopeKey{script, int64(uses.at(at, "declaring_scope_id"))}]
			slot := uses.at(at, "slot_index")
			at++
			if declaring == nil || slot >= uint64(len(declaring.variables)) {
				continue
			}
			if v := &declaring.variables[slot]; !slices.Contains(v.uses, user) {
				v.uses = append(v.uses, user)
			}
		}
	}
	return t
}

// section is a flat table of the file with named columns.
type section struct {
	fields []string
	values []uint64
}

func (s section) rows() int {
	if len(s.fields) == 0 {
		return 0
	}
	return len(s.values) / len(s.fields)
}

// at is a cell; a column that the file lacks reads as 0.
func (s section) at(row int, field string) uint64 {
	i := slices.Index(s.fields, field)
	if i < 0 {
		return 0
	}
	return s.values[row*len(s.fields)+i]
}
