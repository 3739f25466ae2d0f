package simulate

// Marking is a run of mark and sweep.
type Marking struct {
	// Waves are the grey objects of each step: first those that roots refer to,
	// then those that a grey object of the wave before refers to and that are still
	// white. When a wave is made, the one before it turns black.
	Waves    [][]int
	Distance []int // the wave of each object, -1 for one that is never marked
	Swept    []int // what is white at the end, in the order of the objects
}

// Mark marks breadth first, so that a wave is a distance from the roots, and
// sweeps. V8 marks depth first, from several threads; what is marked in the end
// is the same.
func Mark(g Graph) Marking {
	m := Marking{Distance: make([]int, len(g.Out))}
	for n := range m.Distance {
		m.Distance[n] = -1
	}
	grey := func(wave, to []int) []int {
		for _, n := range to {
			if m.Distance[n] < 0 {
				m.Distance[n] = len(m.Waves)
				wave = append(wave, n)
			}
		}
		return wave
	}
	for wave := grey(nil, g.Roots); len(wave) > 0; {
		m.Waves = append(m.Waves, wave)
		var next []int
		for _, n := range wave {
			next = grey(next, g.Out[n])
		}
		wave = next
	}
	for n, d := range m.Distance {
		if d < 0 {
			m.Swept = append(m.Swept, n)
		}
	}
	return m
}
