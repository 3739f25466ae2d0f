package heap

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/plumb-dev/plumb/heap/internal/column"
	"github.com/plumb-dev/plumb/heap/internal/decode"
)

// Redaction says what [Redact] did.
type Redaction struct {
	Strings  int // texts in the snapshot
	Replaced int // of them
}

// Redact writes the snapshot at path (plain, gzip or zstd) to w without what the
// program's strings say: the texts of strings, regular expressions and numbers are
// replaced by "s1", "s2" and so on, filled up to the old length. Everything else stays,
// byte for byte: the graph, all sizes and ids, and the names of classes, functions,
// properties and files, without which a leak has no name. Equal texts stay equal.
//
// A text that is a name as well stays: the keys of an object that is used as a map are
// names. Nothing is written before the whole snapshot was read and found well formed,
// for which its columns are in memory, about a third of the file.
func Redact(ctx context.Context, path string, w io.Writer) (Redaction, error) {
	done, err := redact(ctx, path, w)
	return done, withPath(err, path)
}

func redact(ctx context.Context, path string, w io.Writer) (Redaction, error) {
	f, err := os.Open(path)
	if err != nil {
		return Redaction{}, err
	}
	defer f.Close()
	plain, closePlain, err := decompress(f)
	if err != nil {
		return Redaction{}, err
	}
	defer closePlain()
	var arena column.Arena
	defer arena.Close()
	keep := map[int]bool{}
	d, err := decode.Read(ctx, plain, &arena, decode.Options{Notice: func(id int, encoded []byte) {
		if slices.Contains(partNames, string(encoded)) {
			keep[id] = true
		}
	}})
	if err != nil {
		return Redaction{}, wrap(err)
	}
	secret := secrets(d)
	for id := range keep {
		secret[id] = false
	}

	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return Redaction{}, err // a pipe cannot be read twice
	}
	again, closeAgain, err := decompress(f)
	if err != nil {
		return Redaction{}, err
	}
	defer closeAgain()
	r := &redactor{
		ctx: ctx, from: bufio.NewReaderSize(again, 1<<20), to: bufio.NewWriterSize(w, 1<<20),
		start: d.Strings.Start, secret: secret, done: Redaction{Strings: len(d.Strings.Start) - 1},
	}
	if err := r.run(); err != nil {
		return Redaction{}, err
	}
	return r.done, nil
}

// partNames are what V8 calls strings that consist of others: no text of the program's.
var partNames = []string{"(concatenated string)", "(sliced string)", "(string)", "heap number", "smi number", "number", "bigint"}

// secrets tells of each string of the file whether it is text of the program's and no
// name of anything.
func secrets(d *decode.Snapshot) []bool {
	count := len(d.Strings.Start) - 1
	secret, name := make([]bool, count), make([]bool, count)
	mark := func(list []bool, i uint64) {
		if i < uint64(count) {
			list[i] = true
		}
	}
	content := make([]bool, len(d.Header.NodeTypes))
	for i, kind := range d.Header.NodeTypes {
		switch kind {
		case "string", "concatenated string", "sliced string", "regexp", "number", "bigint":
			content[i] = true
		}
	}
	for n, kind := range d.Type {
		if content[kind] {
			mark(secret, uint64(d.Name[n]))
		} else {
			mark(name, uint64(d.Name[n]))
		}
	}
	numbered := make([]bool, len(d.Header.EdgeTypes))
	for i, kind := range d.Header.EdgeTypes {
		numbered[i] = kind == "element" || kind == "hidden"
	}
	for e, target := range d.Target {
		if !numbered[target>>decode.TargetBits] {
			mark(name, uint64(d.EdgeName[e]))
		}
	}
	named := func(fields []string, rows []uint64) {
		for row := range slices.Chunk(rows, max(len(fields), 1)) {
			for i, field := range fields[:min(len(fields), len(row))] {
				if strings.Contains(field, "name") {
					mark(name, row[i])
				}
			}
		}
	}
	named(d.Header.TraceFunctionFields, d.TraceFunctions)
	named(d.Header.ScopeFields, d.Scopes)
	named(d.Header.ScopeContextVarFields, d.ScopeContextVars)
	named(d.Header.ScopeUseFields, d.ScopeUses)
	for i, is := range name {
		secret[i] = secret[i] && !is
	}
	return secret
}

// redactor copies a snapshot with other strings.
type redactor struct {
	ctx    context.Context
	from   *bufio.Reader
	to     *bufio.Writer
	at     uint64 // in from
	start  []uint64
	secret []bool
	done   Redaction
}

func (r *redactor) run() error {
	for i := range len(r.start) - 1 {
		if i&0xFFF == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		if _, err := io.CopyN(r.to, r.from, int64(r.start[i]-r.at)); err != nil {
			return changed(err)
		}
		r.at = r.start[i]
		if err := r.text(i); err != nil {
			return err
		}
	}
	if _, err := io.Copy(r.to, r.from); err != nil {
		return err
	}
	return r.to.Flush()
}

// text passes a string on, with its closing quote, or something else instead of it.
func (r *redactor) text(i int) error {
	if !r.secret[i] {
		for escaped := false; ; {
			c, err := r.next()
			if err != nil {
				return err
			}
			if err := r.to.WriteByte(c); err != nil {
				return err
			}
			if c == '"' && !escaped {
				return nil
			}
			escaped = c == '\\' && !escaped
		}
	}
	length := 0 // in UTF-16 units, as JavaScript counts
	for {
		c, err := r.next()
		switch {
		case err != nil:
			return err
		case c == '"':
			return r.replace(i, length)
		case c == '\\':
			if c, err = r.next(); err == nil && c == 'u' {
				for range 4 {
					if _, err = r.next(); err != nil {
						break
					}
				}
			}
			if err != nil {
				return err
			}
			length++
		case c >= 0xF0: // the first byte of four, a pair of units
			length += 2
		case c < 0x80 || c >= 0xC0:
			length++
		}
	}
}

// replace writes what stands for string i. The empty string says nothing.
func (r *redactor) replace(i, length int) error {
	if length > 0 {
		r.done.Replaced++
		label := "s" + strconv.Itoa(i)
		if _, err := r.to.WriteString(label); err != nil {
			return err
		}
		for range length - len(label) {
			if err := r.to.WriteByte('.'); err != nil {
				return err
			}
		}
	}
	return r.to.WriteByte('"')
}

func (r *redactor) next() (byte, error) {
	c, err := r.from.ReadByte()
	r.at++
	return c, changed(err)
}

// changed is the error of a file that was longer when it was read before.
func changed(err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("the file changed meanwhile: %w", io.ErrUnexpectedEOF)
	}
	return err
}
