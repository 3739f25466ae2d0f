package record

import (
	"encoding/json"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/lab"
)

// sizeStrings gives the strings of a step the size that they have in the snapshot.
// Of several copies with one text the largest counts.
func sizeStrings(s *lab.Step, snapshot *heap.Snapshot) {
	sizes := map[string]uint64{}
	values := texts(s)
	for _, t := range values {
		sizes[t] = 0
	}
	if len(sizes) == 0 {
		return
	}
	names := map[heap.StringID]string{}
	for t := range sizes {
		for _, id := range snapshot.FindStrings(t) {
			names[id] = t
		}
	}
	for n := range heap.Node(snapshot.NodeCount()) {
		if snapshot.Type(n) == heap.String {
			if t, wanted := names[snapshot.NameID(n)]; wanted {
				sizes[t] = max(sizes[t], snapshot.ShallowSize(n))
			}
		}
	}
	for v, t := range values {
		v.Size = sizes[t]
	}
}

// texts are the strings among the values of a step.
func texts(s *lab.Step) map[*lab.Value]string {
	found := map[*lab.Value]string{}
	add := func(v *lab.Value) {
		var t string
		if v.Type == "string" && json.Unmarshal([]byte(v.Text), &t) == nil {
			found[v] = t
		}
	}
	for i := range s.Frames {
		for j := range s.Frames[i].Variables {
			add(&s.Frames[i].Variables[j].Value)
		}
	}
	for i := range s.Objects {
		for j := range s.Objects[i].Props {
			add(&s.Objects[i].Props[j].Value)
		}
	}
	return found
}
