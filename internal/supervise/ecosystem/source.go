package ecosystem

import "fmt"

// source is an evaluated file. Its value is made of map[string]any, []any,
// string, float64, bool, nil and function.
type source struct {
	value  any
	places places
}

// places knows where fields stand in a file. Line 0 is an answer too.
type places interface {
	// field is the place of a field of the app with this index.
	field(app int, name string) Position
	// top is the place of a member beside "apps".
	top(name string) Position
}

// function stands for a function of JavaScript where a value should be.
type function struct{}

// Bounds of what a file may hold: a file that exceeds them is broken, not large.
const (
	maxDepth  = 64
	maxValues = 100_000
	maxText   = 4 << 20 // bytes of all text together
)

// budget counts what a file holds.
type budget struct{ values, text int }

func (b *budget) spend(depth, text int) error {
	b.values++
	b.text += text
	switch {
	case depth > maxDepth:
		return fmt.Errorf("its values are nested more than %d deep, or without end", maxDepth)
	case b.values > maxValues:
		return fmt.Errorf("it makes more than %d values", maxValues)
	case b.text > maxText:
		return fmt.Errorf("it makes more than %d bytes of text", maxText)
	}
	return nil
}
