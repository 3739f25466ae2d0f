package decode

import "fmt"

// Kind is the sort of a Fault.
type Kind uint8

// The kinds of Fault.
const (
	NotSnapshot Kind = iota
	Truncated
	Corrupt
	TooBig
)

// Fault is what is wrong with an input. Offset is a byte position in the
// uncompressed text, -1 when there is none.
type Fault struct {
	Kind   Kind
	Offset int64
	Detail string
	Hint   string
}

func (f *Fault) Error() string { return f.Detail }

func corrupt(offset int64, format string, args ...any) *Fault {
	return &Fault{
		Kind: Corrupt, Offset: offset, Detail: fmt.Sprintf(format, args...),
		Hint: "capture the snapshot again; a copy damaged on its way reads like this",
	}
}

func truncated(offset int64, format string, args ...any) *Fault {
	return &Fault{
		Kind: Truncated, Offset: offset, Detail: fmt.Sprintf(format, args...),
		Hint: "the process may have died while it wrote, or the copy is incomplete: capture or copy it again",
	}
}
