package snapgen

import (
	"io"
	"os"
	"path/filepath"
)

// sections are the spooled parts of the file.
type sections struct{ nodes, edges, locations, strings *spool }

func newSections(dir string) (*sections, error) {
	var s sections
	for name, p := range map[string]**spool{
		"nodes": &s.nodes, "edges": &s.edges, "locations": &s.locations, "strings": &s.strings,
	} {
		file, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			s.close()
			return nil, err
		}
		*p = &spool{file: file}
	}
	return &s, nil
}

func (s *sections) all() []*spool { return []*spool{s.nodes, s.edges, s.locations, s.strings} }

func (s *sections) size() int64 {
	var n int64
	for _, p := range s.all() {
		n += p.written + int64(len(p.buf))
	}
	return n
}

func (s *sections) err() error {
	for _, p := range s.all() {
		if p.failed != nil {
			return p.failed
		}
	}
	return nil
}

func (s *sections) close() {
	for _, p := range s.all() {
		if p != nil {
			p.file.Close()
		}
	}
}

// spool is a section on its way: text is appended to buf, and drain now and
// then moves it to the file. The first error stays.
type spool struct {
	file    *os.File
	buf     []byte
	written int64
	failed  error
}

func (p *spool) drain(limit int) {
	if len(p.buf) < limit || p.failed != nil {
		return
	}
	n, err := p.file.Write(p.buf)
	p.written += int64(n)
	p.failed = err
	p.buf = p.buf[:0]
}

func (p *spool) copyTo(w io.Writer) error {
	p.drain(0)
	if p.failed != nil {
		return p.failed
	}
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(w, p.file)
	return err
}
