package heapcmd

import (
	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/devtools"
)

// derivations lists what every opened snapshot computes once and keeps in its
// index.
func derivations() []heap.Derivation {
	return []heap.Derivation{devtools.ClassDerivation()}
}
