package simulate

import "strconv"

// Colour is what mark and sweep thinks of an object.
type Colour string

// The colours. An object that is white when no grey one is left is swept.
const (
	White Colour = "white"
	Grey  Colour = "grey"
	Black Colour = "black"
	Swept Colour = "swept"
)

// Colours are those of all objects after a number of waves: the last wave is grey,
// those before it are black. One wave more than there are is the sweep.
func (r *Result) Colours(waves int) map[int]Colour {
	colours := map[int]Colour{}
	for text := range r.Counts {
		id, _ := strconv.Atoi(text)
		colours[id] = White
		if waves > len(r.Waves) {
			colours[id] = Swept
		}
	}
	for n, wave := range r.Waves {
		for _, id := range wave {
			switch {
			case n < waves-1:
				colours[id] = Black
			case n == waves-1:
				colours[id] = Grey
			}
		}
	}
	return colours
}
