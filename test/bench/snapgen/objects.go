package snapgen

// instance adds an object of c with its map and prototype.
func (w *world) instance(c *class) ref {
	n := w.node(object, c.name, uint32(24+8*len(c.keys)))
	if c.name != w.objectName {
		w.location(n, c.script, c.line, 20)
	}
	w.edge(n, property, w.proto, c.proto)
	w.edge(n, internal, w.mapName, c.shape)
	return n
}

// plainObject adds an object literal; nested ones go depth levels down.
func (w *world) plainObject(depth int) ref {
	c := &w.plain[w.IntN(len(w.plain))]
	n := w.instance(c)
	for _, key := range c.keys {
		switch k := w.IntN(100); {
		case k < 24:
			w.edge(n, property, key, w.str())
		case k < 29:
			w.edge(n, property, key, w.number())
		case k < 78:
			w.edge(n, property, key, w.constants[w.IntN(len(w.constants))])
		case k < 84:
			w.edge(n, property, key, w.older[w.IntN(len(w.older))])
		case depth > 0:
			w.edge(n, property, key, w.plainObject(depth-1))
		default: // a small integer has no edge
		}
	}
	return n
}

func (w *world) number() ref {
	n := w.node(number, w.heapNumber, 16)
	w.edge(n, internal, w.mapName, w.numberMap)
	return n
}

// array adds an Array that holds items.
func (w *world) array(items []ref) ref {
	n := w.node(object, w.arrayName, 32)
	store := w.node(array, w.elemName, uint32(16+8*len(items)))
	w.edge(n, property, w.proto, w.objectProto)
	w.edge(n, internal, w.mapName, w.arrayMap)
	w.edge(n, internal, w.elements, store)
	for i, item := range items {
		w.edge(n, element, uint32(i), item)
	}
	w.edge(store, internal, w.mapName, w.arrayMap)
	return n
}

// function adds a closure over context.
func (w *world) function(context ref, name uint32) ref {
	n := w.node(closure, name, 64)
	info := w.node(code, name, 56)
	cell := w.node(code, w.feedback, 24)
	w.location(n, 20+w.IntN(60), w.IntN(900), w.IntN(80))
	w.edge(n, property, w.proto, w.objectProto)
	w.edge(n, internal, w.feedback, cell)
	w.edge(n, internal, w.shared, info)
	w.edge(n, internal, w.contextName, context)
	w.edge(n, internal, w.codeName, w.codeObject)
	w.edge(n, internal, w.mapName, w.functionMap)
	w.edge(info, internal, w.mapName, w.codeMap)
	w.edge(cell, internal, w.mapName, w.codeMap)
	return n
}
