package files

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"

	"github.com/plumb-dev/plumb/internal/lint/syntax"
)

// Kinds tells modules from CommonJS by the "type" of the package.json that is
// nearest. It is safe for concurrent use.
type Kinds struct{ known sync.Map }

// Of is the kind of a file; Unknown when no package.json says it.
func (k *Kinds) Of(path string) syntax.Kind {
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return syntax.Unknown
	}
	return k.folder(dir)
}

func (k *Kinds) folder(dir string) syntax.Kind {
	if kind, ok := k.known.Load(dir); ok {
		return kind.(syntax.Kind)
	}
	kind := syntax.Unknown
	var manifest struct {
		Type string `json:"type"`
	}
	data, err := os.ReadFile(filepath.Join(dir, "package.json"))
	switch {
	case err == nil && json.Unmarshal(data, &manifest) == nil:
		if kind = syntax.CommonJS; manifest.Type == "module" {
			kind = syntax.Module
		}
	case filepath.Dir(dir) != dir:
		kind = k.folder(filepath.Dir(dir))
	}
	k.known.Store(dir, kind)
	return kind
}
