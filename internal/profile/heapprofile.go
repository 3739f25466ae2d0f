package profile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Read reads a .heapprofile file.
func Read(r io.Reader) (*Profile, error) {
	dec := json.NewDecoder(r)
	p := new(Profile)
	if err := dec.Decode(p); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("the file ends too early")
		}
		return nil, fmt.Errorf("read heap profile: %w", err)
	}
	if p.Head == nil {
		return nil, errors.New(`read heap profile: it has no "head"`)
	}
	if err := p.Head.check(); err != nil {
		return nil, fmt.Errorf("read heap profile: %w", err)
	}
	return p, nil
}

func (n *Node) check() error {
	for _, c := range n.Children {
		if c == nil {
			return fmt.Errorf("node %d has a child that is null", n.ID)
		}
		if err := c.check(); err != nil {
			return err
		}
	}
	return nil
}

// Write writes p as a .heapprofile file, which the memory panel of Chrome
// DevTools loads.
func (p *Profile) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(p)
}
