package syntax

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/parser"
)

// MaxBytes bounds a file: what is larger is a bundle or data, which nobody wrote
// and no finding helps.
const MaxBytes = 2 << 20

// Kind is how a file's top level runs.
type Kind int

// The kinds of files.
const (
	Unknown  Kind = iota // told by its name and what it contains
	CommonJS             // in a function of its own
	Module               // an ECMAScript module
)

// Error says why a text was not read.
type Error struct {
	Line, Column int // from 1; 0 when it is about the whole file
	Reason       string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Reason
	}
	return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Reason)
}

// File is a text that was parsed.
type File struct {
	Path   string
	Text   string // what the person wrote
	Module bool   // an ECMAScript module: always strict
	Body   []ast.Statement
	Broken Position // the first byte that is not UTF-8; the zero value when all are

	text *text // of Text
	runs *text // what was parsed, when it is not Text
	head int   // bytes that were put before it
	back *backward
}

// wrapper is what Node.js puts around a CommonJS file. Its parameters are
// declared by package scope, as Node.js' globals of a file.
const (
	wrapperHead = "(function () {"
	wrapperTail = "\n})"
)

// Parse reads a text; its path tells the language. The error is an *Error. There are
// texts on which the parsers go back and forth for ever.
func Parse(name, src string, kind Kind) (f *File, err error) {
	src = strings.TrimPrefix(src, "\ufeff")
	switch {
	case len(src) > MaxBytes:
		return nil, TooLarge(int64(len(src)))
	case strings.HasPrefix(src, "\xff\xfe"), strings.HasPrefix(src, "\xfe\xff"):
		return nil, &Error{Reason: "it is UTF-16: Node.js reads sources as UTF-8"}
	case strings.IndexByte(src, 0) >= 0:
		return nil, &Error{Reason: "it is no text: it has a zero byte"}
	}
	src, broken := asUTF8(src)
	src = oneLineEnd(src)
	if err := checkDepth(src); err != nil {
		return nil, err
	}
	defer func() {
		if r := recover(); r != nil {
			f, err = nil, &Error{Reason: fmt.Sprintf("the parser failed: %v", r)}
		}
	}()
	f, err = parse(name, src, kind)
	if f != nil && broken >= 0 {
		f.Broken, _ = f.text.position(broken)
	}
	return f, err
}

// asUTF8 has U+FFFD for each byte that is no UTF-8, as Node.js reads it, and says where
// the first one is, -1 when there is none.
func asUTF8(src string) (text string, broken int) {
	if utf8.ValidString(src) {
		return src, -1
	}
	for broken < len(src) {
		r, size := utf8.DecodeRuneInString(src[broken:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		broken += size
	}
	return string([]rune(src)), broken
}

// oneLineEnd has lines end as they do for editors: a lone CR ends one, as for V8;
// U+2028 and U+2029 do not, and are blanks as long.
func oneLineEnd(src string) string {
	if strings.Contains(src, "\u2028") || strings.Contains(src, "\u2029") {
		src = strings.NewReplacer("\u2028", "\u3000", "\u2029", "\u3000").Replace(src)
	}
	if strings.Count(src, "\r") == strings.Count(src, "\r\n") {
		return src
	}
	text := []byte(src)
	for i, c := range text {
		if c == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			text[i] = '\n'
		}
	}
	return string(text)
}

// TooLarge is the error of a text of n bytes.
func TooLarge(n int64) *Error {
	return &Error{Reason: fmt.Sprintf("it has %.1f MB: that is a bundle or data, sources are read up to %d MB", float64(n)/1e6, MaxBytes/1_000_000)}
}

func parse(name, src string, kind Kind) (*File, error) {
	f := &File{Path: name, Text: src, text: newText(src)}
	src = plain(src)
	ext := strings.ToLower(path.Ext(name))
	kinds := kindsOf(ext, src, kind)
	var first *Error
	if !needsLowering(ext) {
		for _, k := range kinds {
			err := f.parseAs(src, k == Module)
			if err == nil {
				return f, nil
			}
			if first == nil {
				first = err
			}
		}
	}
	js, back, err := lower(name, ext, src)
	if err != nil {
		return nil, err
	}
	f.runs, f.back = newText(js), back
	for _, k := range kinds {
		if err := f.parseAs(js, k == Module); err == nil {
			return f, nil
		} else if first == nil {
			first = err
		}
	}
	// One parser reads it, the one that tells names apart does not.
	first.Reason = "plumb's parser refuses this: " + first.Reason
	return nil, first
}

// modular tells a module from a script before it is parsed: a line begins with
// an import or export that is no call and no property.
var modular = regexp.MustCompile(`(?m)^[ \t]*(?:import|export)\b[ \t]*[^(.:=\s]`)

// kindsOf lists what to try, the likelier first.
func kindsOf(ext, src string, kind Kind) []Kind {
	switch ext {
	case ".mjs", ".mts":
		return []Kind{Module}
	case ".cjs", ".cts":
		return []Kind{CommonJS}
	}
	if kind == Module || kind == Unknown && modular.MatchString(src) {
		return []Kind{Module, CommonJS}
	}
	if modular.MatchString(src) { // it says CommonJS, but is compiled or bundled
		return []Kind{Module, CommonJS}
	}
	return []Kind{CommonJS, Module}
}

func (f *File) parseAs(src string, module bool) *Error {
	if strings.HasPrefix(src, "#!") {
		src = "//" + src[2:]
	}
	f.Module, f.head = module, 0
	options := []parser.Option{parser.WithDisableSourceMaps}
	if module {
		options = append(options, parser.IsModule)
	} else {
		src = wrapperHead + src + wrapperTail
		f.head = len(wrapperHead)
	}
	program, err := parser.ParseFile(nil, "", src, parser.IgnoreRegExpErrors, options...)
	if err != nil {
		return f.wrong(err)
	}
	if f.Body = program.Body; module {
		return nil
	}
	body, ok := unwrap(program.Body)
	if !ok {
		return &Error{Reason: "it closes a bracket that it has not opened"}
	}
	f.Body = body
	return nil
}

// unwrap takes the file out of the wrapper.
func unwrap(body []ast.Statement) ([]ast.Statement, bool) {
	if len(body) != 1 {
		return nil, false
	}
	statement, ok := body[0].(*ast.ExpressionStatement)
	if !ok {
		return nil, false
	}
	fn, ok := statement.Expression.(*ast.FunctionLiteral)
	if !ok {
		return nil, false
	}
	return fn.Body.List, true
}

// wrong puts an error of the parser into the text.
func (f *File) wrong(err error) *Error {
	var list parser.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		return &Error{Reason: err.Error()}
	}
	e, of := list[0], f.text
	if f.back != nil {
		of = f.runs
	}
	at := of.at(e.Position.Line, e.Position.Column-1)
	if e.Position.Line == 1 {
		at = of.at(1, e.Position.Column-1-f.head)
	}
	if f.back != nil {
		at, _ = f.back.original(at)
	}
	return &Error{Line: at.Line, Column: at.Column, Reason: e.Message}
}
