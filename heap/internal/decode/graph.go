package decode

import (
	"fmt"

	"github.com/plumb-dev/plumb/heap/internal/column"
)

// nodes reads the "nodes" array into columns.
func (d *decoder) nodes() error {
	h, out := &d.out.Header, &d.out
	n := int(h.NodeCount)
	fields := len(h.NodeFields)
	wide := make([][]uint32, fields)  // column of each field, nil: not kept
	narrow := make([][]uint8, fields) // the same for one byte
	var err error
	make32 := func(to *[]uint32, name string, extra int) {
		if at := index(h.NodeFields, name); at >= 0 && err == nil {
			*to, err = column.Make[uint32](d.arena, n+extra)
			wide[at] = *to
		}
	}
	make8 := func(to *[]uint8, name string) {
		if at := index(h.NodeFields, name); at >= 0 && err == nil {
			*to, err = column.Make[uint8](d.arena, n)
			narrow[at] = *to
		}
	}
	make8(&out.Type, "type")
	make32(&out.Name, "name", 0)
	make32(&out.ID, "id", 0)
	make32(&out.SelfSize, "self_size", 0)
	make32(&out.FirstEdge, "edge_count", 1)
	make32(&out.TraceNodeID, "trace_node_id", 0)
	make8(&out.Detachedness, "detachedness")
	if err != nil {
		return err
	}
	count, err := d.numbers("the nodes", func(base int64, values []uint32, _ func(int) int64) error {
		for f := range fields {
			// The first record of which this block has field f.
			record := (base - int64(f) + int64(fields) - 1) / int64(fields)
			i := int(record*int64(fields) + int64(f) - base)
			records := min((len(values)-i+fields-1)/fields, n-int(record))
			if records <= 0 {
				continue
			}
			switch {
			case allZero(values[i:], fields, records): // pages never written cost nothing
			case wide[f] != nil:
				part := wide[f][record:][:records]
				for r := range part {
					part[r] = values[i]
					i += fields
				}
			case narrow[f] != nil:
				part := narrow[f][record:][:records]
				for r := range part {
					part[r] = uint8(min(values[i], 255))
					i += fields
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return d.counted("nodes", count, h.NodeCount, fields)
}

// allZero says whether the first values of so many records are 0.
func allZero(values []uint32, fields, records int) bool {
	for r := range records {
		if values[r*fields] != 0 {
			return false
		}
	}
	return true
}

// edges reads the "edges" array into columns.
func (d *decoder) edges() (err error) {
	h, out := &d.out.Header, &d.out
	n := int(h.EdgeCount)
	if out.Target, err = column.Make[uint32](d.arena, n); err != nil {
		return err
	}
	if out.EdgeName, err = column.Make[uint32](d.arena, n); err != nil {
		return err
	}
	fields := len(h.EdgeFields)
	atType, atName, atTo := index(h.EdgeFields, "type"), index(h.EdgeFields, "name_or_index"), index(h.EdgeFields, "to_node")
	nodeFields, nodeCount := uint32(len(h.NodeFields)), uint32(h.NodeCount)
	layout := newEdgeLayout(fields, atType, atName, atTo, newDivision(nodeFields, nodeCount))
	// A record that lies in two blocks is stored by both, each its fields; the
	// two halves of a Target are joined behind the lock-free part.
	var split splitTargets
	cut := func(position int64, values []uint32) {
		for i, value := range values {
			e, field := (position+int64(i))/int64(fields), int(position+int64(i))%fields
			switch {
			case e >= int64(n):
			case field == atName:
				out.EdgeName[e] = value
			case field == atType:
				split.setType(e, value)
			case field == atTo:
				split.setNode(e, value)
			}
		}
	}
	count, err := d.numbers("the edges", func(base int64, values []uint32, place func(int) int64) error {
		head := min(int(-base%int64(fields)+int64(fields))%fields, len(values)) // of a record begun before
		e := (base + int64(head)) / int64(fields)
		whole := max(0, min((len(values)-head)/fields, n-int(e)))
		rest := head + whole*fields
		cut(base, values[:head])
		cut(base+int64(rest), values[rest:])
		rows := values[head:rest]
		name, target := out.EdgeName[min(e, int64(n)):][:whole], out.Target[min(e, int64(n)):][:whole]
		for r := layout.columns(target, name, rows); r < whole; r++ {
			row := rows[r*fields:][:fields]
			kind, node := row[atType], row[atTo]
			to, ok := layout.divide(node)
			if !ok || kind > layout.lastType {
				return badEdge(e+int64(r), kind, node, nodeFields, place(head+r*fields))
			}
			target[r] = kind<<TargetBits | to
			name[r] = row[atName]
		}
		return nil
	})
	if err != nil {
		return err
	}
	for e, s := range split.m {
		to, ok := layout.divide(s.node)
		if !ok || s.kind > layout.lastType {
			return badEdge(e, s.kind, s.node, nodeFields, -1)
		}
		out.Target[e] = s.kind<<TargetBits | to
	}
	return d.counted("edges", count, h.EdgeCount, fields)
}

func badEdge(e int64, kind, node, nodeFields uint32, offset int64) error {
	switch {
	case kind > maxEdgeTypes-1:
		return corrupt(offset, "edge %d has type %d, which edge_types lacks", e, kind)
	case node%nodeFields != 0:
		return corrupt(offset, "edge %d leads to %d, which is no multiple of the %d node fields", e, node, nodeFields)
	}
	return corrupt(offset, "edge %d leads to node %d, past the last one", e, node/nodeFields)
}

// counted compares how many numbers an array had with what the header said.
func (d *decoder) counted(name string, numbers, records int64, fields int) error {
	switch want := records * int64(fields); {
	case numbers < want:
		return corrupt(d.at(), "the header says %d %s of %d fields, the file has %d numbers of %d",
			records, name, fields, numbers, want)
	case numbers > want:
		d.out.Warnings = append(d.out.Warnings,
			fmt.Sprintf("the file has %d more numbers of %s than its header says: ignored", numbers-want, name))
	}
	return nil
}
