package devtools

import (
	"bufio"
	"context"
	"io"
	"strconv"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/heap/wtf8"
)

// NodesCSV writes one line per node with all its numbers, in node order:
//
//	ordinal,id,type,selfSize,retainedSize,distance,dominatorId,detachedness,
//	flags,edgeCount,retainerCount,nativeContextId,traceNodeId
//
// Sizes are bytes; nativeContextId is -1 for none and -2 for shared. It is
// meant for comparing engines byte by byte.
func (v *View) NodesCSV(ctx context.Context, w io.Writer) error {
	const header = "ordinal,id,type,selfSize,retainedSize,distance,dominatorId,detachedness," +
		"flags,edgeCount,retainerCount,nativeContextId,traceNodeId\n"
	return v.dump(ctx, w, header, func(b []byte, n heap.Node) []byte {
		b = strconv.AppendUint(b, uint64(n), 10)
		b = append(b, ',')
		b = strconv.AppendUint(b, v.snap.ID(n), 10)
		b = append(b, ',')
		b = append(b, v.snap.TypeName(n)...)
		return append(v.appendNumbers(b, n), '\n')
	})
}

// NodesNDJSON writes a JSON array per line: first the names of the columns,
// then one line per node, in node order, exactly as JSON.stringify would.
func (v *View) NodesNDJSON(ctx context.Context, w io.Writer) error {
	const header = `["ordinal","id","type","rawName","name","className","classKey","selfSize","retainedSize",` +
		`"distance","dominatorId","detachedness","flags","edgeCount","retainerCount","nativeContextId",` +
		`"traceNodeId","location"]` + "\n"
	return v.dump(ctx, w, header, func(b []byte, n heap.Node) []byte {
		b = append(b, '[')
		b = strconv.AppendUint(b, uint64(n), 10)
		b = append(b, ',')
		b = strconv.AppendUint(b, v.snap.ID(n), 10)
		for _, text := range [...]string{v.snap.TypeName(n), v.snap.Name(n), v.DisplayName(n), v.ClassName(n), v.ClassKey(n)} {
			b = append(b, ',')
			b = append(b, wtf8.Quote(text)...)
		}
		b = append(v.appendNumbers(b, n), `,"`...)
		if l, ok := v.snap.Location(n); ok {
			b = appendLocation(b, l)
		}
		return append(b, "\"]\n"...)
	})
}

// dump writes the header and a line for each node.
func (v *View) dump(ctx context.Context, w io.Writer, header string, line func([]byte, heap.Node) []byte) error {
	v.nativeContexts()
	out := bufio.NewWriterSize(w, 1<<18)
	if _, err := out.WriteString(header); err != nil {
		return err
	}
	var b []byte
	for i := range v.snap.NodeCount() {
		if i%(1<<14) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		b = line(b[:0], heap.Node(i))
		if _, err := out.Write(b); err != nil {
			return err
		}
	}
	return out.Flush()
}

// appendNumbers adds the columns from selfSize to traceNodeId, each with a
// comma before it.
func (v *View) appendNumbers(b []byte, n heap.Node) []byte {
	s := v.snap
	first, end := s.Edges(n)
	context := int64(v.native.owner[n])
	if context >= 0 {
		context = int64(s.ID(heap.Node(context)))
	}
	for _, i := range [...]int64{
		int64(s.ShallowSize(n)), int64(s.RetainedSize(n)), int64(s.Distance(n)), int64(s.ID(s.Dominator(n))),
		int64(s.Detachedness(n)), int64(s.Flags(n)), int64(end - first), int64(s.RetainerCount(n)),
		context, int64(s.TraceNodeID(n)),
	} {
		b = append(b, ',')
		b = strconv.AppendInt(b, i, 10)
	}
	return b
}

func appendLocation(b []byte, l heap.Location) []byte {
	b = strconv.AppendInt(b, l.ScriptID, 10)
	b = append(b, ',')
	b = strconv.AppendInt(b, l.Line, 10)
	b = append(b, ',')
	return strconv.AppendInt(b, l.Column, 10)
}
