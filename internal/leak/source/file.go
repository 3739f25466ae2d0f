package source

import (
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/go-sourcemap/sourcemap"
)

// Reader reads source files, each once.
type Reader struct {
	read  func(path string) ([]byte, error)
	files map[string]*File
}

// NewReader returns a reader of files through read, which may be nil.
func NewReader(read func(path string) ([]byte, error)) *Reader {
	return &Reader{read: read, files: map[string]*File{}}
}

// File returns the file at path; what instead returns is its text when it
// cannot be read.
func (r *Reader) File(path string, instead func() string) *File {
	if f, ok := r.files[path]; ok {
		return f
	}
	f := &File{Path: path, reader: r}
	if data, err := r.bytes(path); err == nil && len(data) > 0 {
		f.Text = string(data)
	} else {
		f.Text = instead()
	}
	f.lines = lineStarts(f.Text)
	r.files[path] = f
	return f
}

func (r *Reader) bytes(path string) ([]byte, error) {
	if r.read == nil {
		return nil, errNoReader
	}
	return r.read(path)
}

// File is one source text.
type File struct {
	Path   string
	Text   string
	reader *Reader
	lines  []int // where each begins
	tokens []token
	lexed  bool

	consumer *sourcemap.Consumer // of its source map, nil without
	mapped   bool                // the map was looked for
	mapDir   string              // its sources are relative to this folder
}

func (f *File) tokenized() []token {
	if !f.lexed {
		f.tokens, f.lexed = tokens(f.Text), true
	}
	return f.tokens
}

func lineStarts(s string) []int {
	starts := []int{0}
	for i := range len(s) {
		if s[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// Offset is where a position is, bytes; -1 when the text has not got it. Lines
// and columns count from 1, columns in UTF-16 units, as V8 counts them.
func (f *File) Offset(line, column int) int {
	if line < 1 || line > len(f.lines) {
		return -1
	}
	at := f.lines[line-1]
	rest := f.Text[at:]
	if end := strings.IndexByte(rest, '\n'); end >= 0 {
		rest = rest[:end]
	}
	for i, r := range rest {
		if column <= 1 {
			return at + i
		}
		column -= units(r)
	}
	return at + len(rest)
}

// Position is the line and column of an offset.
func (f *File) Position(offset int) (line, column int) {
	line = sort.Search(len(f.lines), func(i int) bool { return f.lines[i] > offset })
	column = 1
	for _, r := range f.Text[f.lines[line-1]:offset] {
		column += units(r)
	}
	return line, column
}

func units(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// wordAt is the name at an offset, "" when there is none.
func (f *File) wordAt(offset int) string {
	end := offset
	for end < len(f.Text) && (isWord(f.Text[end]) || end > offset && isDigit(f.Text[end])) {
		end++
	}
	if w := f.Text[offset:end]; utf8.ValidString(w) {
		return w
	}
	return ""
}
