package snapgen

import "fmt"

// world is the head of the graph, as far as units refer to it.
type world struct {
	*graph
	stringMap, numberMap, arrayMap, contextMap, functionMap ref
	listMap, bufferMap, codeMap, codeObject, objectProto    ref
	classes, plain                                          []class
	modules, constants                                      []ref
	properties, variables                                   []uint32
	recent                                                  []uint32 // texts to repeat
	older                                                   []ref    // objects of earlier units to refer to
	scratch                                                 []byte
	serial                                                  uint64
	target, nextList                                        int64 // bytes of file

	empty, mapName, proto, elements, contextName, previous, shared   uint32
	scopeInfo, feedback, codeName, table, next, value, first, second uint32
	parent, concatName, slicedName, objectName, arrayName, elemName  uint32
	heapNumber, data, object                                         uint32
}

// class is a constructor, or the shape of plain objects with the same keys.
type class struct {
	name         uint32
	shape, proto ref
	keys         []uint32
	script, line int
}

func newWorld(g *graph, target int64) *world {
	w := &world{graph: g, target: target, nextList: target / 3}
	w.empty = g.name("")
	w.mapName, w.proto, w.elements = g.name("map"), g.name("__proto__"), g.name("elements")
	w.contextName, w.previous, w.shared = g.name("context"), g.name("previous"), g.name("shared")
	w.scopeInfo, w.feedback, w.codeName = g.name("scope_info"), g.name("feedback_cell"), g.name("code")
	w.table, w.next, w.value = g.name("table"), g.name("next"), g.name("value")
	w.first, w.second, w.parent = g.name("first"), g.name("second"), g.name("parent")
	w.concatName, w.slicedName = g.name("(concatenated string)"), g.name("(sliced string)")
	w.objectName, w.arrayName, w.elemName = g.name("Object"), g.name("Array"), g.name("(object elements)")
	w.heapNumber, w.data, w.object = g.name("heap number"), g.name("data"), g.name("object")
	for i := range 400 {
		w.properties = append(w.properties, g.name(keyWords[i%len(keyWords)]+suffix(i/len(keyWords))))
	}
	for i := range 200 {
		w.variables = append(w.variables, g.name("cache"+suffix(i+1)))
	}
	w.roots()
	for i := range 64 {
		w.constants = append(w.constants, w.flat(g.name(fmt.Sprintf("STATE_%d", i))))
		w.older = append(w.older, w.constants[i])
	}
	for range 4096 {
		w.recent = append(w.recent, w.fresh())
	}
	return w
}

var keyWords = []string{
	"name", "id", "user", "items", "state", "options", "headers", "body", "created", "updated",
	"parent", "children", "handler", "callback", "message", "status", "config", "url", "token", "session",
	"request", "response", "socket", "buffer", "index", "total", "price", "currency", "address", "city",
	"email", "phone", "roles", "rules", "tags", "labels", "owner", "source", "target", "result",
}

func suffix(i int) string {
	if i == 0 {
		return ""
	}
	return fmt.Sprint(i)
}

// roots builds the head in V8's order: the root, the kinds of roots, the
// engine's own objects, then the program's modules and classes.
func (w *world) roots() {
	root := w.node(synthetic, w.empty, 0)
	gcRoots := w.node(synthetic, w.name("(GC roots)"), 0)
	kinds := map[string]ref{}
	for i, kind := range []string{
		"(Internalized strings)", "(External strings)", "(Read-only roots)", "(Strong roots)", "(Smi roots)",
		"(Bootstrapper)", "(Stack roots)", "(Relocatable)", "(Debugger)", "(Compilation cache)",
		"(Handle scope)", "(Builtins)", "(Global handles)", "(Eternal handles)", "(Thread manager)",
		"(Extensions)", "(Code flusher)", "(Startup object cache)", "(Read-only object cache)",
		"(Weak collections)", "(Wrapper tracing)", "(Write barrier)", "(Retain maps)", "(Unknown)",
	} {
		kinds[kind] = w.node(synthetic, w.name(kind), 0)
		w.edge(gcRoots, element, uint32(i+1), kinds[kind])
	}
	global := w.node(object, w.name("global"), 32)
	env := w.node(synthetic, w.name("Node / Environment"), 0)
	w.edge(root, element, 1, gcRoots)
	w.edge(root, shortcut, w.name("2"), global)
	w.edge(root, element, 3, env)

	metaMap := w.node(hidden, w.name("system / Map"), 72)
	w.edge(metaMap, internal, w.mapName, metaMap)
	w.edge(kinds["(Read-only roots)"], element, 1, metaMap)
	nativeContext := w.node(hidden, w.name("system / NativeContext"), 2264)
	w.edge(metaMap, internal, w.name("native_context"), nativeContext)
	w.edge(kinds["(Global handles)"], element, 1, global)
	w.edge(kinds["(Global handles)"], element, 2, nativeContext)
	w.edge(global, internal, w.name("native_context"), nativeContext)
	w.objectProto = w.node(object, w.objectName, 56)
	w.edge(nativeContext, internal, w.name("initial_object_prototype"), w.objectProto)

	newMap := func(kind uint8, name string) ref {
		m := w.node(kind, w.name(name), 72)
		w.edge(m, internal, w.mapName, metaMap)
		w.edge(kinds["(Strong roots)"], element, uint32(m), m)
		return m
	}
	w.stringMap = newMap(hidden, "system / Map (OneByteInternalizedString)")
	w.numberMap = newMap(hidden, "system / Map (HeapNumber)")
	w.codeMap = newMap(hidden, "system / Map (Code)")
	for _, m := range []*ref{&w.arrayMap, &w.contextMap, &w.functionMap, &w.listMap, &w.bufferMap} {
		*m = newMap(shape, "system / Map")
	}
	w.edge(w.objectProto, internal, w.mapName, w.arrayMap)
	w.edge(global, internal, w.mapName, w.arrayMap)
	w.codeObject = w.node(code, w.name("(CompileLazy builtin code)"), 64)
	w.edge(w.codeObject, internal, w.mapName, w.codeMap)
	w.edge(kinds["(Builtins)"], element, 1, w.codeObject)

	for i := range 120 {
		w.classes = append(w.classes, w.newClass(className(i), metaMap))
		w.plain = append(w.plain, w.newClass("Object", metaMap))
	}
	require := w.node(object, w.name("Module"), 80)
	w.edge(global, property, w.name("require"), require)
	for i := range 60 {
		m := w.node(object, w.name("system / Context"), 400)
		w.edge(m, internal, w.mapName, w.contextMap)
		w.edge(m, internal, w.previous, nativeContext)
		f := w.function(m, w.name("exports"+suffix(i)))
		w.edge(require, property, w.name("module"+suffix(i)), f)
		w.modules = append(w.modules, m)
	}
}

func className(i int) string {
	a := []string{"User", "Order", "Http", "Cache", "Event", "Session", "Query", "Token", "Render", "Audit", "Tenant", "Price"}
	b := []string{"Entry", "Record", "Handler", "State", "Store", "Request", "Context", "Batch", "Job", "View"}
	return a[i%len(a)] + b[i/len(a)%len(b)]
}

func (w *world) newClass(name string, metaMap ref) class {
	c := class{name: w.name(name), proto: w.objectProto, script: 20 + w.IntN(60), line: w.IntN(900)}
	if name != "Object" {
		c.proto = w.node(object, w.objectName, 28)
		w.edge(c.proto, property, w.proto, w.objectProto)
		w.edge(c.proto, internal, w.mapName, w.arrayMap)
	}
	c.shape = w.node(shape, w.name("system / Map"), 72)
	descriptors := w.node(shape, w.name("system / DescriptorArray"), 24)
	for range 4 + w.IntN(7) {
		c.keys = append(c.keys, w.properties[w.IntN(len(w.properties))])
	}
	w.edge(c.shape, internal, w.mapName, metaMap)
	w.edge(c.shape, internal, w.name("prototype"), c.proto)
	w.edge(c.shape, internal, w.name("descriptors"), descriptors)
	w.edge(descriptors, internal, w.mapName, metaMap)
	w.edge(descriptors, weak, w.name("owner"), c.shape)
	return c
}
