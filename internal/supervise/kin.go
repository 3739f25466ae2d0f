package supervise

import (
	"time"

	"github.com/plumb-dev/plumb/internal/supervise/tree"
)

// kin are the process of a program and those below it, as they were some seconds ago
// at most: to look for them takes several times as long as to read their memory, and
// once a program is up they hardly change.
type kin struct {
	pids   []int
	looked time.Time
}

const (
	settled  = 10 * time.Second // after the start
	lookAway = 5 * time.Second  // between two looks from then on
)

// of lists them for a program of some age.
func (k *kin) of(pid int, age time.Duration) []int {
	if now := time.Now(); age < settled || now.Sub(k.looked) >= lookAway {
		k.pids, k.looked = tree.Of(pid), now
	}
	return k.pids
}
