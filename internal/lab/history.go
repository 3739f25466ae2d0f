package lab

import "slices"

// Change is a new value of a variable, or its first.
type Change struct {
	Step  int    `json:"step"` // from 1
	Frame string `json:"frame"`
	Value Value  `json:"value"`
}

// Watch lists the steps at which a variable has a value that it did not have
// before, by function and scope.
func (t *Trace) Watch(name string) []Change {
	type place struct{ function, scope string }
	last := map[place]Value{}
	var changes []Change
	for n, s := range t.Steps {
		seen := map[place]bool{}
		for _, f := range s.Frames {
			for _, v := range f.Variables {
				at := place{f.Function, v.Scope}
				value := Value{Type: v.Value.Type, Text: v.Value.Text, Ref: v.Value.Ref}
				before, known := last[at]
				if v.Name != name || seen[at] || known && before == value {
					continue
				}
				seen[at], last[at] = true, value
				changes = append(changes, Change{n + 1, f.Function, value})
			}
		}
	}
	return changes
}

// Moment is a step from which on something is different about an object.
type Moment struct {
	Step  int      `json:"step"` // from 1
	State State    `json:"state"`
	Held  []string `json:"held,omitempty"` // what leads to it
}

// State is how far an object's life has come.
type State string

// The states.
const (
	InUse      State = "in use"
	OutOfSight State = "out of sight"        // no variable leads to it
	Alive      State = "out of sight, alive" // and a snapshot still has it
	Freed      State = "freed by V8"
)

// Life is the moments of an object: allocation, use, release.
func (t *Trace) Life(id int) []Moment {
	var life []Moment
	for n := range t.Steps {
		m, there := t.Steps[n].moment(id)
		if !there {
			continue
		}
		m.Step = n + 1
		if last := len(life) - 1; last < 0 || life[last].State != m.State || !slices.Equal(life[last].Held, m.Held) {
			life = append(life, m)
		}
	}
	return life
}

func (s *Step) moment(id int) (m Moment, there bool) {
	for _, d := range s.Died {
		if d.Object == id {
			return Moment{State: Freed}, true
		}
	}
	for _, o := range s.Objects {
		switch {
		case o.ID != id:
		case !o.OutOfSight:
			return Moment{State: InUse, Held: Holders(s)[id]}, true
		case o.Heap != nil:
			return Moment{State: Alive, Held: o.Heap.Held}, true
		default:
			return Moment{State: OutOfSight}, true
		}
	}
	return Moment{}, false
}
