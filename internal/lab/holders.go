package lab

import "fmt"

// Holders says for each object of a step what leads to it: names of variables, and
// properties of other objects.
func Holders(s *Step) map[int][]string {
	held := map[int][]string{}
	for _, f := range s.Frames {
		for _, v := range f.Variables {
			if v.Value.Ref != 0 {
				held[v.Value.Ref] = append(held[v.Value.Ref], v.Name)
			}
		}
	}
	for _, o := range s.Objects {
		for _, p := range o.Props {
			if p.Value.Ref == 0 {
				continue
			}
			text := fmt.Sprintf("@%d.%s", o.ID, p.Name)
			if p.Captured {
				text = fmt.Sprintf("%s, captured by @%d", p.Name, o.ID)
			}
			held[p.Value.Ref] = append(held[p.Value.Ref], text)
		}
	}
	return held
}
