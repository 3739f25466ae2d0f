package syntax

import (
	"sort"
	"strings"

	"github.com/grafana/sobek/file"
)

// Position is a place in the text that a person wrote. Line and Column count
// from 1, columns in UTF-16 units, as V8, SARIF and editors count them.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Before says whether p stands before other.
func (p Position) Before(other Position) bool {
	return p.Line < other.Line || p.Line == other.Line && p.Column < other.Column
}

// At is the place of a node; false when the person did not write it.
func (f *File) At(idx file.Idx) (Position, bool) {
	at := int(idx) - 1 - f.head
	if f.back == nil {
		return f.text.position(at)
	}
	p, ok := f.runs.position(at)
	if !ok {
		return Position{}, false
	}
	return f.back.original(p)
}

// Line is a line of the text, from 1, without its end.
func (f *File) Line(n int) (string, bool) { return f.text.line(n) }

// Around is the text of a line beside a place in it, at most as many bytes to either
// side, and the column of the place in what is left.
func (f *File) Around(p Position, most int) (string, int) { return f.text.around(p, most) }

// Lines is how many there are.
func (f *File) Lines() int { return f.text.count() }

// text is a text with its lines.
type text struct {
	src   string
	lines []int // where each begins
	units []int // UTF-16 units before each block, for columns in long lines
}

const block = 1 << 10

func newText(src string) *text {
	t := &text{src: src, lines: []int{0}}
	n := 0
	for at := range len(src) {
		if at%block == 0 {
			t.units = append(t.units, n)
		}
		n += utf16Units(src[at])
		if src[at] == '\n' {
			t.lines = append(t.lines, at+1)
		}
	}
	t.units = append(t.units, n)
	return t
}

// utf16Units is how many a letter has whose first byte in UTF-8 is b, 0 for other
// bytes.
func utf16Units(b byte) int {
	switch {
	case b >= 0xf0:
		return 2
	case b < 0x80 || b >= 0xc0:
		return 1
	}
	return 0
}

// before counts the UTF-16 units before a byte.
func (t *text) before(at int) int {
	n := t.units[at/block]
	for i := at / block * block; i < at; i++ {
		n += utf16Units(t.src[i])
	}
	return n
}

func (t *text) count() int { return len(t.lines) }

func (t *text) line(n int) (string, bool) {
	if n < 1 || n > len(t.lines) {
		return "", false
	}
	end := len(t.src)
	if n < len(t.lines) {
		end = t.lines[n] - 1
	}
	return strings.TrimSuffix(t.src[t.lines[n-1]:end], "\r"), true
}

func (t *text) position(at int) (Position, bool) {
	if at < 0 || at > len(t.src) {
		return Position{}, false
	}
	line := sort.SearchInts(t.lines, at+1)
	return Position{line, 1 + t.before(at) - t.before(t.lines[line-1])}, true
}

func (t *text) around(p Position, most int) (string, int) {
	line, ok := t.line(p.Line)
	if !ok {
		return "", 0
	}
	begin := t.lines[p.Line-1]
	at := t.offset(t.before(begin)+p.Column-1) - begin
	from, to := max(0, min(at, len(line))-most), min(len(line), at+most)
	for 0 < from && from < len(line) && utf16Units(line[from]) == 0 {
		from--
	}
	for to < len(line) && utf16Units(line[to]) == 0 {
		to++
	}
	return line[from:to], p.Column - (t.before(begin+from) - t.before(begin))
}

// offset is the byte before which there are as many UTF-16 units.
func (t *text) offset(units int) int {
	at := max(0, sort.SearchInts(t.units, units+1)-1) * block
	for n := t.units[min(at/block, len(t.units)-1)]; at < len(t.src) && (n < units || utf16Units(t.src[at]) == 0); at++ {
		n += utf16Units(t.src[at])
	}
	return min(at, len(t.src))
}

// at is the place of a byte of a line, the nearest that there is.
func (t *text) at(line, offset int) Position {
	line = min(max(line, 1), len(t.lines))
	src, _ := t.line(line)
	p, _ := t.position(t.lines[line-1] + min(max(offset, 0), len(src)))
	return p
}

// Lowered says whether esbuild has rewritten the text before it was parsed.
func (f *File) Lowered() bool { return f.back != nil }
