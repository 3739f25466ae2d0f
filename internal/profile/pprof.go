package profile

import (
	"io"

	"github.com/google/pprof/profile"
)

// WritePprof writes p in the format of pprof, compressed with gzip:
// "go tool pprof -top FILE" reads it. A frame's line is where its function
// begins, because V8 does not tell more.
func (p *Profile) WritePprof(w io.Writer) error {
	kind := "alloc_space"
	if p.Live {
		kind = "inuse_space"
	}
	b := pprofBuilder{locations: map[CallFrame]*profile.Location{}}
	b.profile = &profile.Profile{
		SampleType:    []*profile.ValueType{{Type: kind, Unit: "bytes"}},
		PeriodType:    &profile.ValueType{Type: "space", Unit: "bytes"},
		Period:        int64(p.Interval),
		DurationNanos: p.Duration.Nanoseconds(),
	}
	if !p.Start.IsZero() {
		b.profile.TimeNanos = p.Start.UnixNano()
	}
	if p.Head.self() > 0 {
		b.sample(p.Head.self(), []*profile.Location{b.location(p.Head.CallFrame)})
	}
	for i := range p.Head.Children {
		b.add(&p.Head.Children[i], nil)
	}
	return b.profile.Write(w)
}

type pprofBuilder struct {
	profile   *profile.Profile
	locations map[CallFrame]*profile.Location
}

// add adds a sample for n and for all below it. The stack of pprof begins with
// the innermost function.
func (b *pprofBuilder) add(n *Node, callers []*profile.Location) {
	stack := append([]*profile.Location{b.location(n.CallFrame)}, callers...)
	if n.self() > 0 {
		b.sample(n.self(), stack)
	}
	for i := range n.Children {
		b.add(&n.Children[i], stack)
	}
}

func (b *pprofBuilder) sample(bytes uint64, stack []*profile.Location) {
	b.profile.Sample = append(b.profile.Sample, &profile.Sample{Location: stack, Value: []int64{int64(bytes)}})
}

func (b *pprofBuilder) location(f CallFrame) *profile.Location {
	if known := b.locations[f]; known != nil {
		return known
	}
	id := uint64(len(b.locations) + 1)
	line := int64(max(f.LineNumber+1, 0))
	function := &profile.Function{ID: id, Name: f.Name(), SystemName: f.Name(), Filename: f.File(), StartLine: line}
	location := &profile.Location{ID: id, Line: []profile.Line{{Function: function, Line: line}}}
	b.profile.Function = append(b.profile.Function, function)
	b.profile.Location = append(b.profile.Location, location)
	b.locations[f] = location
	return location
}
