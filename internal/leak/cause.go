package leak

import (
	"strings"

	"github.com/plumb-dev/plumb/heap"
)

// Cause is the kind of mistake behind a leak.
type Cause string

// The causes.
const (
	ModuleVariable   Cause = "module variable"
	AccidentalGlobal Cause = "global variable"
	ClosureContext   Cause = "closure"
	SharedContext    Cause = "shared closure context"
	Timer            Cause = "timer"
	Listener         Cause = "listener"
	Cache            Cause = "cache without a limit"
	AsyncHook        Cause = "async_hooks"
	PendingPromise   Cause = "pending promise"
	AsyncStorage     Cause = "AsyncLocalStorage"
	SlicedString     Cause = "sliced string"
	BufferPart       Cause = "part of a buffer"
	GrowingString    Cause = "growing string"
	ExternalMemory   Cause = "memory outside the heap"
	InstanceStore    Cause = "object store"
	StaticField      Cause = "static field"
	OpenConnections  Cause = "open connections"
	LinkedList       Cause = "linked list"
	UnknownCause     Cause = "unknown"
)

// causeOf decides from what holds the members and how.
func (f *finder) causeOf(p *growth, nm named) Cause {
	member := f.memberNode(p)
	switch {
	case (!nm.found || p.kind == chain) && f.isTimer(p, member):
		if f.keepsStore(member) {
			return AsyncStorage
		}
		return Timer
	case f.isListener(p):
		return Listener
	case p.kind == chain && f.s.Name(p.list.link) == "system / PromiseReaction":
		return PendingPromise
	case p.kind == chain && f.crossesContext(p.list):
		return SharedContext
	case p.kind == chain && f.s.Type(p.list.link) == heap.ConcatenatedString,
		p.kind == swell && f.s.Type(p.holder) != heap.Object:
		return GrowingString
	case f.outside(p) && f.most(p, f.sharesMemory):
		return BufferPart
	case f.outside(p):
		return ExternalMemory
	case f.most(p, func(n heap.Node) bool { return f.s.Type(n) == heap.SlicedString }):
		return SlicedString
	case f.most(p, func(n heap.Node) bool { return strings.HasSuffix(f.s.Name(n), "Socket") }):
		return OpenConnections
	case nm.global:
		return AccidentalGlobal
	case p.kind == chain:
		return LinkedList
	case nm.static && !f.isMapping(p.holder):
		return StaticField
	case nm.class != "" && !nm.static:
		return InstanceStore
	case f.isMapping(p.holder) && f.usedByHook(p.holder):
		return AsyncHook
	case f.isMapping(p.holder):
		return Cache
	case nm.found && !nm.module:
		return ClosureContext
	case nm.found:
		return ModuleVariable
	default:
		return UnknownCause
	}
}

// memberNode is one of the new members, for a look at what they are.
func (f *finder) memberNode(p *growth) heap.Node {
	if p.kind == chain {
		return p.tops[0]
	}
	if len(p.direct) == 0 {
		return p.holder
	}
	// The middle one: the first and the last may be special.
	counts := map[string]int{}
	best := p.direct[0]
	for _, n := range p.direct {
		name := f.s.Name(n)
		if f.s.Type(n) != heap.Object && f.s.Type(n) != heap.Closure {
			name = f.s.TypeName(n)
		}
		counts[name]++
		weight := func(m heap.Node) int {
			key := f.s.Name(m)
			if f.s.Type(m) != heap.Object && f.s.Type(m) != heap.Closure {
				key = f.s.TypeName(m)
			}
			return counts[key]
		}
		// A Map's values say more than the strings that are its keys.
		value := f.s.Type(n) == heap.Object || f.s.Type(n) == heap.Closure
		bestValue := f.s.Type(best) == heap.Object || f.s.Type(best) == heap.Closure
		if value && !bestValue && counts[name]*3 > len(p.direct) || value == bestValue && weight(n) > weight(best) {
			best = n
		}
	}
	return best
}

func (f *finder) most(p *growth, is func(heap.Node) bool) bool {
	members := p.direct
	if p.kind == chain {
		members = p.tops
	}
	count := 0
	for _, n := range members {
		if is(n) {
			count++
		}
	}
	return count*2 > len(members)
}

func (f *finder) isTimer(p *growth, member heap.Node) bool {
	switch f.s.Name(member) {
	case "Timeout", "Immediate", "TimersList":
		return f.s.Type(member) == heap.Object
	}
	return f.s.Name(p.holder) == "TimersList"
}

// keepsStore says whether what a timer keeps is the store of an
// AsyncLocalStorage, not the variables of a callback of its own.
func (f *finder) keepsStore(timer heap.Node) bool {
	if callback, ok := f.target(timer, heap.PropertyEdge, "_onTimeout", "_onImmediate"); ok && f.isNew(callback) {
		return false
	}
	_, ok := f.store(timer)
	return ok
}

// store is what an asynchronous resource keeps for its AsyncLocalStorage: the
// value itself up to Node 22, a frame with all values later. Node 22 has the
// names of both.
func (f *finder) store(resource heap.Node) (heap.Node, bool) {
	for e, end := f.s.Edges(resource); e < end; e++ {
		n := f.s.EdgeTarget(e)
		if f.s.EdgeType(e) != heap.PropertyEdge || f.s.Type(n) != heap.Object {
			continue
		}
		switch f.s.EdgeName(e) {
		case "<symbol kResourceStore>", "<symbol kAsyncContextFrame>", "<symbol async_context_frame>":
			return n, true
		}
	}
	return 0, false
}

// isListener says whether the members are listeners of an EventEmitter or an
// EventTarget: no name of the program's lies between its table and them.
func (f *finder) isListener(p *growth) bool {
	for n := f.nameNode(p); n != f.s.Root(); n = f.parent[n] {
		if f.holdsListeners(n) {
			return true
		}
		switch f.s.EdgeType(f.via[n]) {
		case heap.ContextEdge:
			return false
		case heap.InternalEdge:
			if f.s.EdgeName(f.via[n]) == "context" {
				return false // a variable of a listener's
			}
		case heap.PropertyEdge:
			// The array of one event, or the list of an EventTarget's.
			if name := f.s.EdgeName(f.via[n]); name != "next" && name != "previous" && !f.holdsListeners(f.parent[n]) {
				return false
			}
		}
	}
	return false
}

// holdsListeners says whether n is the table of an emitter's listeners.
func (f *finder) holdsListeners(n heap.Node) bool {
	return f.via[n] != heap.Edge(none) && listeners(f.s.EdgeName(f.via[n]))
}

// listeners says whether a property is the table of an emitter's listeners.
func listeners(property string) bool {
	switch property {
	case "_events", "<symbol kEvents>", "<symbol events>":
		return true
	}
	return false
}

// crossesContext says whether a list runs through the variables of functions.
func (f *finder) crossesContext(l *list) bool {
	for _, e := range l.steps {
		if f.s.EdgeType(e) == heap.ContextEdge {
			return true
		}
	}
	return false
}

// outside says whether most of the bytes are of array buffers and their like.
func (f *finder) outside(p *growth) bool {
	return f.most(p, func(n heap.Node) bool {
		name := f.s.Name(n)
		return f.s.Type(n) == heap.Object && (name == "Buffer" || name == "FastBuffer" || name == "ArrayBuffer" ||
			name == "SharedArrayBuffer" || name == "DataView" || strings.HasSuffix(name, "Array") && name != "Array")
	})
}

// sharesMemory says whether the memory of a buffer has other views too: it was
// cut out of a pool or of another buffer.
func (f *finder) sharesMemory(view heap.Node) bool {
	memory, ok := f.target(view, heap.InternalEdge, "buffer")
	if !ok {
		return false
	}
	views := 0
	for e := range f.s.Retainers(memory) {
		if f.s.EdgeName(e) == "buffer" {
			views++
		}
	}
	return views > 1
}

// usedByHook says whether n is a variable that a function of createHook uses.
func (f *finder) usedByHook(n heap.Node) bool {
	for e, context := range f.s.Retainers(n) {
		if _, ok := f.variable(e); !ok {
			continue
		}
		for e, closure := range f.s.Retainers(context) {
			if f.s.EdgeName(e) != "context" || f.s.Type(closure) != heap.Closure {
				continue
			}
			for _, hook := range f.s.Retainers(closure) {
				if f.s.Name(hook) == "AsyncHook" {
					return true
				}
			}
		}
	}
	return false
}

// isMapping says whether n is a Map, a Set or an object used as one.
func (f *finder) isMapping(n heap.Node) bool {
	switch name := f.s.Name(n); {
	case f.s.Type(n) != heap.Object:
		return false
	case name == "Map" || name == "Set" || strings.HasSuffix(name, "Map") || strings.HasSuffix(name, "Set"):
		return true
	default:
		return name == "Object"
	}
}
