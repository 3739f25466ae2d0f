package devtools

import (
	"sort"

	"github.com/plumb-dev/plumb/heap"
)

// Sample is one bar of the allocation timeline: the JavaScript objects that
// were made since the sample before and are still alive.
type Sample struct {
	Milliseconds   float64 // since the recording began
	LastAssignedID int64   // the newest object at that time
	Size           uint64  // shallow sizes, bytes
}

// Samples divides the heap's JavaScript objects (odd ids) by the time they
// were made (buildSamples). Objects younger than the last sample are nowhere.
// Nil when the snapshot was not recorded over time.
func (v *View) Samples() []Sample {
	raw := v.snap.Samples()
	if len(raw) == 0 {
		return nil
	}
	samples := make([]Sample, len(raw))
	for i, r := range raw {
		samples[i] = Sample{Milliseconds: float64(r.Timestamp) / 1000, LastAssignedID: r.LastAssignedID}
	}
	for i := range v.snap.NodeCount() {
		n := heap.Node(i)
		id := v.snap.ID(n)
		if id%2 == 0 {
			continue
		}
		at := sort.Search(len(raw), func(k int) bool { return raw[k].LastAssignedID >= int64(id) })
		if at < len(raw) {
			samples[at].Size += v.snap.ShallowSize(n)
		}
	}
	return samples
}
