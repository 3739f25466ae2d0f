package heap

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/plumb-dev/plumb/heap/internal/column"
	"github.com/plumb-dev/plumb/heap/internal/decode"
)

// take moves what was decoded into s.
func (s *Snapshot) take(d *decode.Snapshot, file []byte, n *noticer) error {
	h := &d.Header
	s.meta = Meta{
		NodeFields: h.NodeFields, NodeTypes: h.NodeTypes, EdgeFields: h.EdgeFields, EdgeTypes: h.EdgeTypes,
		LocationFields: h.LocationFields, SampleFields: h.SampleFields,
		TraceFunctionFields: h.TraceFunctionFields, TraceNodeFields: h.TraceNodeFields,
		ScopeFields: h.ScopeFields, ScopeContextVarFields: h.ScopeContextVarFields, ScopeUseFields: h.ScopeUseFields,
		NodeCount: int(h.NodeCount), EdgeCount: int(h.EdgeCount),
		TraceFunctionCount: int(h.TraceFunctionCount), RootIndex: int(h.RootIndex),
		ExtraNativeBytes: h.ExtraNativeBytes, HasExtraNativeBytes: h.HasExtraNativeBytes,
	}
	s.root = uint32(h.RootIndex / int64(len(h.NodeFields)))
	s.typ, s.detachedness = d.Type, d.Detachedness
	s.name, s.id, s.self, s.traceNodeID = d.Name, d.ID, d.SelfSize, d.TraceNodeID
	s.firstEdge, s.target, s.edgeName = d.FirstEdge, d.Target, d.EdgeName
	s.text = text{file: file, start: d.Strings.Start, found: n.found}
	if d.Strings.Text != nil {
		s.text.file = d.Strings.Text
	}
	s.detachedNames, s.ephemerons.candidates = n.detached, n.ephemerons
	s.warnings = d.Warnings
	s.dropEmpty()
	s.resolveTypes()
	if err := s.takeLocations(d.Locations); err != nil {
		return err
	}
	s.takeTraces(d)
	return nil
}

// dropEmpty frees columns that say nothing: Node 20 and 22 write trace_node_id
// also when allocations are not tracked.
func (s *Snapshot) dropEmpty() {
	if !slices.ContainsFunc(s.traceNodeID, func(id uint32) bool { return id != 0 }) {
		column.Free(&s.arena, s.traceNodeID)
		s.traceNodeID = nil
	}
}

// resolveTypes maps the file's type numbers to ours.
func (s *Snapshot) resolveTypes() {
	for i, name := range s.meta.NodeTypes {
		s.nodeTypes[i] = nodeTypeNames[name]
	}
	for i, name := range s.meta.EdgeTypes {
		s.edgeTypes[i] = edgeTypeNames[name]
	}
	s.edgeTypes[ephemeronType] = InternalEdge
	s.documentRoots = s.nameSet("(Document DOM trees)")
}

// takeLocations sorts the locations by node. Of several for one node the last
// of the file counts.
func (s *Snapshot) takeLocations(rows []uint32) error {
	defer column.Free(&s.arena, rows)
	fields := s.meta.LocationFields
	width := len(fields)
	object, script := slices.Index(fields, "object_index"), slices.Index(fields, "script_id")
	line, col := slices.Index(fields, "line"), slices.Index(fields, "column")
	if object < 0 || script < 0 || line < 0 || col < 0 || len(rows) == 0 {
		return nil
	}
	n := len(rows) / width
	order := make([]uint64, n) // the node's position, then the row
	for i := range order {
		order[i] = uint64(rows[i*width+object])<<32 | uint64(i)
	}
	slices.Sort(order)
	var err error
	if s.locationNode, err = column.Make[uint32](&s.arena, n); err != nil {
		return err
	}
	if s.locationAt, err = column.Make[uint32](&s.arena, 3*n); err != nil {
		return err
	}
	kept, lost := 0, 0
	nodeFields := uint32(len(s.meta.NodeFields))
	for i, o := range order {
		row := rows[int(uint32(o))*width:][:width]
		if row[object]%nodeFields != 0 || row[object]/nodeFields >= uint32(len(s.typ)) {
			lost++
			continue
		}
		if i+1 < n && order[i+1]>>32 == uint64(row[object]) {
			continue
		}
		s.locationNode[kept] = row[object] / nodeFields
		s.locationAt[3*kept] = row[script]
		s.locationAt[3*kept+1] = row[line]
		s.locationAt[3*kept+2] = row[col]
		kept++
	}
	s.locationNode, s.locationAt = s.locationNode[:kept], s.locationAt[:3*kept]
	if lost > 0 {
		s.warnings = append(s.warnings, fmt.Sprintf("%d locations belong to no node: ignored", lost))
	}
	return nil
}

// takeTraces keeps the small sections.
func (s *Snapshot) takeTraces(d *decode.Snapshot) {
	if f := s.meta.TraceFunctionFields; len(f) > 0 {
		field := func(row []uint64, name string) uint64 {
			if i := slices.Index(f, name); i >= 0 {
				return row[i]
			}
			return 0
		}
		for row := range slices.Chunk(d.TraceFunctions, len(f)) {
			if len(row) < len(f) {
				break
			}
			s.traceFunctions = append(s.traceFunctions, TraceFunction{
				FunctionID: int64(field(row, "function_id")),
				Name:       s.stringOrEmpty(field(row, "name")),
				ScriptName: s.stringOrEmpty(field(row, "script_name")),
				ScriptID:   int64(field(row, "script_id")),
				Line:       int64(field(row, "line")),
				Column:     int64(field(row, "column")),
			})
		}
	}
	for _, n := range d.TraceTree {
		if int(n.Function) >= len(s.traceFunctions) {
			// A capture from inside the tracked process does this.
			s.warnings = append(s.warnings, "the allocation tree names functions that the file lacks")
			break
		}
	}
	s.traceTree = make([]TraceNode, len(d.TraceTree))
	for i, n := range d.TraceTree {
		s.traceTree[i] = TraceNode(n)
	}
	s.takeSamples(d.Samples)
	if len(s.meta.ScopeFields) > 0 {
		s.scopes = &Scopes{d.Scopes, d.ScopeContextVars, d.ScopeUses}
	}
}

func (s *Snapshot) takeSamples(values []uint64) {
	fields := s.meta.SampleFields
	at, last := slices.Index(fields, "timestamp_us"), slices.Index(fields, "last_assigned_id")
	if at < 0 || last < 0 {
		return
	}
	for i := 0; i+len(fields) <= len(values); i += len(fields) {
		s.samples = append(s.samples, Sample{int64(values[i+at]), int64(values[i+last])})
	}
}

func (s *Snapshot) stringOrEmpty(id uint64) string {
	if id >= uint64(s.text.count()) {
		return ""
	}
	return s.text.string(StringID(id))
}

// checkNames refuses names past the string table and marks the edges that have
// the name of a WeakMap entry.
func (s *Snapshot) checkNames() error {
	count := uint32(len(s.text.start) - 1)
	for v, name := range s.name {
		if name >= count {
			return corruptf("node %d has the name %d, but there are only %d strings", v, name, count)
		}
	}
	s.ephemerons.parse(&s.text)
	entries, target := s.ephemerons.names, s.target
	for e, name := range s.edgeName {
		if name >= count {
			if t := s.EdgeType(Edge(e)); t != ElementEdge && t != HiddenEdge {
				return corruptf("edge %d has the name %d, but there are only %d strings", e, name, count)
			}
			continue
		}
		if entries.Has(name) && s.EdgeType(Edge(e)) == InternalEdge {
			target[e] = target[e]&targetMask | ephemeronType<<targetBits
		}
	}
	return nil
}

func corruptf(format string, args ...any) error {
	return &Error{
		Kind: ErrCorrupt, Offset: -1, Detail: fmt.Sprintf(format, args...),
		Hint: "capture the snapshot again; a copy damaged on its way reads like this",
	}
}

// analyze computes everything that follows from the graph, two things at a
// time where they do not wait for each other. It begins the derivations.
func (s *Snapshot) analyze(ctx context.Context, progress func(Progress), derivations []Derivation) (all []begun, err error) {
	progress(Progress{Phase: PhaseDistances})
	if err := s.checkNames(); err != nil {
		return nil, err
	}
	if err := s.propagateDetachedness(); err != nil {
		return nil, err
	}
	group, gctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.calculateDistances(gctx) })
	group.Go(s.findShared)
	group.Go(func() error { return s.moveSizes(gctx) })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	progress(Progress{Phase: PhaseDominators})
	group, gctx = errgroup.WithContext(ctx)
	group.Go(func() error {
		tree, err := s.findDominators(gctx)
		if err != nil {
			return err
		}
		return s.retain(tree)
	})
	group.Go(func() (err error) {
		all, err = s.begin(gctx, derivations)
		return err
	})
	err = group.Wait()
	s.arena.Trim(8*len(s.typ) + 1<<20) // for the lists of Dominated
	return all, err
}
