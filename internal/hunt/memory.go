package hunt

// Memory is what a program holds right after a collection, in bytes, all its
// threads and processes together.
type Memory struct {
	HeapUsed     uint64 `json:"heapUsed"`
	Code         uint64 `json:"code"`         // the part of HeapUsed that is compiled code
	External     uint64 `json:"external"`     // outside the heap, kept by objects in it
	ArrayBuffers uint64 `json:"arrayBuffers"` // the part of External that is Buffers
	RSS          uint64 `json:"rss"`          // of the process, as the operating system sees it
}

// Objects is the heap without compiled code. V8 compiles and discards code long
// after a program is warm, a hundred kilobytes up and down between two rounds,
// which hides small leaks and looks like large ones.
func (m Memory) Objects() uint64 { return m.HeapUsed - min(m.Code, m.HeapUsed) }

// Kept is what the program itself keeps: the figure that a verdict is about.
func (m Memory) Kept() uint64 { return m.Objects() + m.External }

func (m Memory) plus(other Memory) Memory {
	return Memory{
		HeapUsed: m.HeapUsed + other.HeapUsed, Code: m.Code + other.Code,
		External: m.External + other.External, ArrayBuffers: m.ArrayBuffers + other.ArrayBuffers,
		RSS: m.RSS + other.RSS,
	}
}
