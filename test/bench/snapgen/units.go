package snapgen

import "strconv"

// listEvery is how many bytes of file lie between two long lists.
const listEvery = 200_000_000

// unit builds one unit and attaches it, mostly to a variable of a module.
func (w *world) unit() {
	if size := w.out.size(); size >= w.nextList {
		w.nextList += listEvery
		w.hold(w.list(int(min(w.target/1000, 150_000))))
		return
	}
	switch k := w.IntN(100); {
	case k < 32:
		w.hold(w.records(100 + w.IntN(400)))
	case k < 62:
		w.hold(w.instances(50 + w.IntN(300)))
	case k < 72:
		w.hold(w.tree(7))
	case k < 82:
		w.hold(w.network(200 + w.IntN(800)))
	case k < 86:
		w.hold(w.weakCache(20 + w.IntN(60)))
	case k < 93:
		w.hold(w.code(50 + w.IntN(200)))
	case k < 97:
		w.hold(w.buffers(50 + w.IntN(200)))
	default:
		w.network(50 + w.IntN(200)) // an island: nothing holds it
	}
}

// hold makes n a variable of some module.
func (w *world) hold(n ref) {
	w.edge(w.modules[w.IntN(len(w.modules))], contextEdge, w.variables[w.IntN(len(w.variables))], n)
	w.older[w.IntN(len(w.older))] = n
	if len(w.older) < 1<<16 {
		w.older = append(w.older, n)
	}
}

func (w *world) records(n int) ref {
	items := make([]ref, n)
	for i := range items {
		items[i] = w.plainObject(2)
	}
	return w.array(items)
}

// instances adds a Map from strings to objects of one class, some of which
// have callbacks over a context of their own.
func (w *world) instances(n int) ref {
	m := w.node(object, w.name("Map"), 32)
	table := w.node(array, w.empty, uint32(48+24*n))
	w.edge(m, internal, w.table, table)
	w.edge(m, internal, w.mapName, w.arrayMap)
	w.edge(m, property, w.proto, w.objectProto)
	w.edge(table, internal, w.mapName, w.arrayMap)
	module := w.modules[w.IntN(len(w.modules))]
	c := &w.classes[w.IntN(len(w.classes))]
	for i := range n {
		v := w.instance(c)
		for _, key := range c.keys {
			switch k := w.IntN(100); {
			case k < 28:
				w.edge(v, property, key, w.str())
			case k < 44:
				w.edge(v, property, key, w.plainObject(0))
			case k < 50:
				w.edge(v, property, key, w.array([]ref{w.str(), w.str(), w.str()}))
			case k < 60:
				scope := w.node(object, w.name("system / Context"), 40)
				w.edge(scope, contextEdge, w.variables[i%len(w.variables)], v)
				w.edge(scope, internal, w.previous, module)
				w.edge(scope, internal, w.mapName, w.contextMap)
				w.edge(v, property, key, w.function(scope, key))
			default:
				w.edge(v, property, key, w.constants[w.IntN(len(w.constants))])
			}
		}
		w.edge(table, hiddenEdge, uint32(3*i+3), w.str())
		w.edge(table, hiddenEdge, uint32(3*i+4), v)
	}
	return m
}

// tree adds nested objects, depth levels deep, like a parsed document.
func (w *world) tree(depth int) ref {
	if depth == 0 {
		return w.plainObject(0)
	}
	n := w.plainObject(0)
	children := make([]ref, 2+w.IntN(3))
	for i := range children {
		children[i] = w.tree(depth - 1)
		w.edge(children[i], property, w.parent, n)
	}
	w.edge(n, property, w.name("children"), w.array(children))
	return n
}

// network adds objects that refer to each other at random and form cycles.
func (w *world) network(n int) ref {
	c := &w.classes[w.IntN(len(w.classes))]
	all := make([]ref, n)
	for i := range all {
		all[i] = w.instance(c)
		w.edge(all[i], property, w.name("name"), w.str())
	}
	for _, v := range all {
		for i := range 1 + w.IntN(6) {
			w.edge(v, property, w.properties[i], all[w.IntN(n)])
		}
	}
	list := w.node(code, w.name("system / WeakFixedArray"), uint32(16+8*n))
	w.edge(list, internal, w.mapName, w.arrayMap)
	for i := 0; i < n; i += 3 {
		w.edge(list, weak, w.name(strconv.Itoa(i%1000)), all[i])
	}
	w.edge(all[0], internal, w.name("listeners"), list)
	return all[0]
}

// list adds a linked list. It is what makes recursion impossible.
func (w *world) list(n int) ref {
	name := w.name("ListNode")
	first := w.node(object, name, 32)
	for at := first; n > 0; n-- {
		next := w.node(object, name, 32)
		w.edge(at, property, w.value, w.str())
		w.edge(at, property, w.next, next)
		w.edge(at, internal, w.mapName, w.listMap)
		at = next
	}
	return first
}

// weakCache adds a WeakMap and an array that keeps its keys alive.
func (w *world) weakCache(n int) ref {
	m := w.node(object, w.name("WeakMap"), 24)
	table := w.node(array, w.name("(ephemeron table)"), uint32(16+16*n))
	w.edge(m, internal, w.table, table)
	w.edge(m, internal, w.mapName, w.arrayMap)
	c := &w.classes[w.IntN(len(w.classes))]
	keys := make([]ref, n)
	for i := range keys {
		key, value := w.instance(c), w.plainObject(1)
		pair := " / part of key (Key @" + strconv.FormatUint(id(key, object), 10) + ") -> value (Object @" +
			strconv.FormatUint(id(value, object), 10) + ") pair in WeakMap (table @" + strconv.FormatUint(id(table, array), 10) + ")"
		w.edge(key, internal, w.text("3"+pair), value)
		w.edge(table, internal, w.text(strconv.Itoa(2*i+2)+pair), value)
		w.edge(table, weak, w.name(strconv.Itoa(i)), key)
		keys[i] = key
	}
	all := w.array(keys)
	w.edge(m, property, w.name("keys"), all)
	return m
}

// code adds what the compiler keeps for n functions.
func (w *world) code(n int) ref {
	list := w.node(code, w.name("system / WeakFixedArray"), uint32(16+8*n))
	w.edge(list, internal, w.mapName, w.arrayMap)
	for i := range n {
		info := w.node(code, w.name("(shared function info)"), 56)
		bytecode := w.node(code, w.name("system / BytecodeArray"), 160)
		constants := w.node(code, w.name("(constant pool)"), 80)
		positions := w.node(code, w.name("(source position table)"), 64)
		scope := w.node(code, w.name("system / ScopeInfo"), 120)
		w.edge(info, internal, w.name("function_data"), bytecode)
		w.edge(info, internal, w.name("name_or_scope_info"), scope)
		w.edge(bytecode, internal, w.name("constant_pool"), constants)
		w.edge(bytecode, internal, w.name("source_position_table"), positions)
		for j := range 2 + w.IntN(8) {
			w.edge(constants, internal, w.name(strconv.Itoa(j)), w.constants[w.IntN(len(w.constants))])
		}
		for j := range 1 + w.IntN(6) {
			w.edge(scope, internal, w.name(strconv.Itoa(j)), w.constants[w.IntN(len(w.constants))])
		}
		for _, c := range []ref{info, bytecode, constants, positions, scope} {
			w.edge(c, internal, w.mapName, w.codeMap)
		}
		w.edge(list, hiddenEdge, uint32(i), info)
	}
	return list
}

// buffers adds typed arrays over memory outside the heap, dates, patterns,
// symbols and big integers.
func (w *world) buffers(n int) ref {
	items := make([]ref, n)
	for i := range items {
		switch w.IntN(4) {
		case 0:
			view := w.node(object, w.name("Uint8Array"), 88)
			buffer := w.node(object, w.name("ArrayBuffer"), 80)
			data := w.node(native, w.name("system / JSArrayBufferData"), uint32(64+w.IntN(1<<14)))
			w.edge(view, internal, w.name("buffer"), buffer)
			w.edge(view, internal, w.mapName, w.bufferMap)
			w.edge(buffer, internal, w.name("backing_store"), data)
			w.edge(buffer, internal, w.mapName, w.bufferMap)
			items[i] = view
		case 1:
			date := w.node(object, w.name("Date"), 96)
			w.edge(date, internal, w.value, w.number())
			w.edge(date, internal, w.mapName, w.bufferMap)
			items[i] = date
		case 2:
			pattern := w.node(regexp, w.fresh(), 56)
			w.edge(pattern, internal, w.name("source"), w.str())
			w.edge(pattern, internal, w.mapName, w.bufferMap)
			items[i] = pattern
		default:
			s := w.node(symbol, w.name("symbol"), 24)
			big := w.node(bigint, w.name("bigint"), 24)
			w.edge(s, internal, w.name("description"), w.str())
			w.edge(s, internal, w.mapName, w.stringMap)
			w.edge(big, internal, w.mapName, w.numberMap)
			items[i] = w.array([]ref{s, big})
		}
	}
	return w.array(items)
}

// longStrings adds an array of strings near V8's limit of 1024 characters.
func (w *world) longStrings(n int) {
	items := make([]ref, n)
	for i := range items {
		items[i] = w.flat(w.freshOf(400 + w.IntN(600)))
	}
	w.hold(w.array(items))
}
