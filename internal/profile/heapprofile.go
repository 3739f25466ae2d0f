package profile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Read reads a .heapprofile file. Its errors say what is wrong with "it"; the
// caller says which file it is.
func Read(r io.Reader) (*Profile, error) {
	dec := json.NewDecoder(r)
	p := new(Profile)
	err := dec.Decode(p)
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return nil, errors.New("it ends too early")
	case errors.As(err, &syntax):
		return nil, fmt.Errorf("it is not JSON: %w", err)
	case errors.As(err, &wrong) && wrong.Field != "":
		return nil, fmt.Errorf("its %s has the wrong type (%s)", wrong.Field, wrong.Value)
	case errors.As(err, &wrong):
		return nil, fmt.Errorf("it is a %s and no heap profile", wrong.Value)
	case err != nil:
		return nil, err
	case p.Head.CallFrame == CallFrame{}:
		return nil, errors.New("it has no tree of calls")
	}
	if err := p.Head.check(); err != nil {
		return nil, err
	}
	return p, nil
}

// mostBytes is more than any heap has, and little enough to add up.
const mostBytes = 1 << 50

func (n *Node) check() error {
	if n.SelfSize < 0 || n.SelfSize > mostBytes {
		return fmt.Errorf("node %d has a size of %g", n.ID, n.SelfSize)
	}
	for i := range n.Children {
		if err := n.Children[i].check(); err != nil {
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
