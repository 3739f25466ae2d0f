package heap

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"syscall"

	"github.com/klauspost/compress/zstd"

	"github.com/plumb-dev/plumb/heap/internal/decode"
)

// compressed tells by the first bytes whether a file is packed.
func compressed(magic []byte) bool {
	return bytes.HasPrefix(magic, []byte("\x1f\x8b")) || bytes.HasPrefix(magic, []byte("\x28\xb5\x2f\xfd"))
}

// decompress looks at the first bytes of a stream and unpacks it.
func decompress(r io.Reader) (plain io.Reader, done func(), err error) {
	source := &source{Reader: r}
	b := bufio.NewReaderSize(source, 64<<10)
	magic, _ := b.Peek(4)
	switch {
	case source.err != nil:
		return nil, nil, source.err
	case bytes.HasPrefix(magic, []byte("\x1f\x8b")):
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, nil, source.fault(err)
		}
		return &packed{z, source}, func() { _ = z.Close() }, nil
	case bytes.HasPrefix(magic, []byte("\x28\xb5\x2f\xfd")):
		z, err := zstd.NewReader(b)
		if err != nil {
			return nil, nil, source.fault(err)
		}
		return &packed{z, source}, z.Close, nil
	}
	return b, func() {}, nil
}

// source remembers whether it was the reader below that failed.
type source struct {
	io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// fault says what an error of the unpacking means.
func (s *source) fault(err error) error {
	switch {
	case s.err != nil:
		return s.err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &Error{
			Kind: ErrTruncated, Offset: -1, Detail: "the compressed data end too early",
			Hint: "the compressed file is incomplete: copy it again",
		}
	}
	return &Error{
		Kind: ErrCorrupt, Offset: -1, Detail: "the compressed data are damaged: " + err.Error(),
		Hint: "copy the file again; gzip -t or zstd -t says whether a copy is whole",
	}
}

// packed is a stream that is unpacked while it is read.
type packed struct {
	io.Reader
	source *source
}

func (p *packed) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = p.source.fault(err)
	}
	return n, err
}

// wrap turns what went wrong below into an Error where it is about the input.
func wrap(err error) error {
	var f *decode.Fault
	if errors.As(err, &f) {
		kind := map[decode.Kind]error{
			decode.NotSnapshot: ErrNotSnapshot, decode.Truncated: ErrTruncated,
			decode.Corrupt: ErrCorrupt, decode.TooBig: ErrTooBig,
		}[f.Kind]
		return &Error{Kind: kind, Offset: f.Offset, Detail: f.Detail, Hint: f.Hint}
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	if errors.Is(err, syscall.ENOMEM) {
		return &Error{
			Kind: ErrTooBig, Offset: -1, Detail: err.Error(),
			Hint: "use a machine with more memory; if the file is small, its header is damaged",
		}
	}
	return err
}
