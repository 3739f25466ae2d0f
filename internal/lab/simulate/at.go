package simulate

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/plumb-dev/plumb/internal/lab"
)

// Result is what the textbook's collectors would do at a step, and what V8 did.
// Objects are the trace's numbers.
type Result struct {
	Step     int            `json:"step"`
	Cut      string         `json:"cut,omitempty"`
	Waves    [][]int        `json:"waves"`
	Swept    []int          `json:"swept"`
	Counts   map[string]int `json:"counts"` // of references, by object
	Freed    []int          `json:"freedByCounting"`
	Leaked   []int          `json:"leakedByCounting"`
	Trial    []int          `json:"trialDeletion,omitempty"`
	Real     []int          `json:"diedInV8"` // at the next checkpoint of the trace
	RealStep int            `json:"diedInV8Step,omitempty"`
}

// ErrNoReference is a cut of what is no reference at the step.
var ErrNoReference = errors.New("no such reference")

// At runs the collectors at a step, from 1. With cut, one reference is taken away
// before: NAME is that of a variable, of the innermost frame that has it; @ID.NAME
// is a property of an object.
func At(t *lab.Trace, n int, cut string) (*Result, error) {
	s := &t.Steps[n-1]
	g, target, err := Of(s), -1, error(nil)
	if cut != "" {
		if target, err = g.cutNamed(s, cut); err != nil {
			return nil, err
		}
	}
	marking, counting := Mark(g.Graph), Count(g.Graph)
	r := &Result{
		Step: n, Cut: cut, Waves: [][]int{}, Swept: g.IDs(marking.Swept), Counts: map[string]int{},
		Freed: g.IDs(counting.Freed), Leaked: g.IDs(counting.Leaked), Real: []int{},
	}
	for _, wave := range marking.Waves {
		r.Waves = append(r.Waves, g.IDs(wave))
	}
	for i, count := range counting.Counts {
		r.Counts[strconv.Itoa(g.Objects[i])] = count
	}
	if target >= 0 {
		r.Trial = g.IDs(TrialDeletion(g.Graph, target))
	}
	for i := n; i < len(t.Steps) && r.RealStep == 0; i++ {
		if t.Steps[i].Checkpoint {
			r.RealStep = i + 1
			for _, d := range t.Steps[i].Died {
				r.Real = append(r.Real, d.Object)
			}
		}
	}
	return r, nil
}

// cutNamed takes a reference away and returns what it led to.
func (g *Step) cutNamed(s *lab.Step, name string) (target int, err error) {
	if rest, property := strings.CutPrefix(name, "@"); property {
		return g.cutProperty(s, rest, name)
	}
	ref := variable(s, name)
	to, ok := g.Number(ref)
	if !ok {
		return -1, fmt.Errorf("%w: %s", ErrNoReference, name)
	}
	// One variable is seen through several frames, and through functions that
	// captured it.
	for _, f := range s.Frames {
		for _, v := range f.Variables {
			if v.Name == name && v.Value.Ref == ref {
				g.Graph = g.Cut(-1, to)
			}
		}
	}
	for _, o := range s.Objects {
		for _, p := range o.Props {
			if from, ok := g.Number(o.ID); ok && p.Captured && p.Name == name && p.Value.Ref == ref {
				g.Graph = g.Cut(from, to)
			}
		}
	}
	return to, nil
}

func (g *Step) cutProperty(s *lab.Step, rest, name string) (target int, err error) {
	id, prop, _ := strings.Cut(rest, ".")
	number, _ := strconv.Atoi(id)
	for _, o := range s.Objects {
		for _, p := range o.Props {
			to, ok := g.Number(p.Value.Ref)
			if from, known := g.Number(o.ID); ok && known && o.ID == number && p.Name == prop {
				g.Graph = g.Cut(from, to)
				return to, nil
			}
		}
	}
	return -1, fmt.Errorf("%w: %s", ErrNoReference, name)
}

func variable(s *lab.Step, name string) (ref int) {
	for _, f := range s.Frames {
		for _, v := range f.Variables {
			if v.Name == name && v.Value.Ref != 0 {
				return v.Value.Ref
			}
		}
	}
	return 0
}
