package decode

// TraceNode is one node of the allocation tree; its children follow it.
type TraceNode struct {
	ID, Function uint32
	Count, Size  uint64
	Parent       int32 // -1 for the root
}

// traceTree reads the nested arrays of "trace_tree" into preorder. A list
// holds the fields of its nodes one after the other, the last field of each
// being the list of its children: [1,0,0,0,[2,1,3,96,[],3,2,1,32,[]]].
func (s *scanner) traceTree(fields []string) ([]TraceNode, error) {
	const what = "the allocation tree"
	const maxNodes = 1<<31 - 1
	var (
		nodes []TraceNode
		stack []int32 // open nodes
		field []int   // next field of each open node
		depth int     // of brackets
		id    = index(fields, "id")
		fn    = index(fields, "function_info_index")
		count = index(fields, "count")
		size  = index(fields, "size")
	)
	if err := s.expect('[', what); err != nil {
		return nil, err
	}
	depth++
	for {
		c := s.peek()
		switch {
		case c == '[':
			s.pos++
			depth++
		case c == ']':
			s.pos++
			if depth--; depth == 0 {
				return nodes, nil
			}
		case c == ',':
			s.pos++
		case c >= '0' && c <= '9' || c == '-':
			v, err := s.number(what)
			if err != nil {
				return nil, err
			}
			// Nodes are written flat within their list, so a number opens a
			// node when the list has none open or its last one is complete.
			for len(stack) > depth {
				stack, field = stack[:len(stack)-1], field[:len(field)-1]
			}
			if len(stack) < depth || field[depth-1] >= len(fields)-1 {
				if len(stack) == depth {
					stack, field = stack[:depth-1], field[:depth-1]
				}
				if len(stack) != depth-1 || len(nodes) >= maxNodes {
					return nil, corrupt(s.at(), "a list inside %s where a number was due", what)
				}
				parent := int32(-1)
				if depth > 1 {
					parent = stack[depth-2]
				}
				stack = append(stack, int32(len(nodes)))
				field = append(field, 0)
				nodes = append(nodes, TraceNode{Parent: parent})
			}
			n := &nodes[stack[depth-1]]
			switch field[depth-1] {
			case id:
				n.ID = uint32(v)
			case fn:
				n.Function = uint32(v)
			case count:
				n.Count = v
			case size:
				n.Size = v
			}
			field[depth-1]++
		case c == 0 && s.pos == s.end:
			return nil, s.stopped(what)
		default:
			return nil, corrupt(s.at(), "%q in %s", c, what)
		}
	}
}

// number reads one number.
func (s *scanner) number(what string) (uint64, error) {
	var digits []byte
	for {
		for s.pos < s.end && numeric(s.buf[s.pos]) {
			digits = append(digits, s.buf[s.pos])
			s.pos++
		}
		if s.pos < s.end || !s.fill() {
			break
		}
	}
	v, bad := appendNumbers[uint64](nil, digits)
	if bad >= 0 || len(v) != 1 {
		return 0, corrupt(s.at(), "%.20q is no number, in %s", digits, what)
	}
	return v[0], nil
}
