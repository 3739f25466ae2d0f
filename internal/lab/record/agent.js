// The agent in the program that is recorded. It numbers objects with a WeakMap,
// which keeps none of them alive, and describes what scopes reach. It calls no
// code of the program: no getters, no traps of proxies.
(function (util, Module, collections) {
  // A wrapped file is a script of its own, before which the debugger can stop; one
  // that Node.js compiles as a function is not.
  Module.wrap = Module.wrap;

  const { isProxy, isMap, isSet } = util.types;
  const ids = new WeakMap();
  let last = 0;
  const descriptor = Object.getOwnPropertyDescriptor, keys = Reflect.ownKeys, proto = Object.getPrototypeOf;
  const mapEntries = Map.prototype.forEach, setEntries = Set.prototype.forEach;
  const baseline = new Set(keys(globalThis));
  const wrapper = new Set(['exports', 'require', 'module', '__filename', '__dirname', 'this', 'arguments']);
  const maxObjects = 80, maxProps = 24, maxText = 120;
  let order = [], found = new Map();

  // A program that is written for plumb lab stages calls it.
  let stage = '';
  globalThis.plumbStage = (name) => { stage = String(name); };
  baseline.add('plumbStage');

  const isObject = (v) => (typeof v === 'object' && v !== null) || typeof v === 'function';
  const cut = (s) => s.length > maxText ? s.slice(0, maxText) + '…' : s;

  function className(o) {
    if (typeof o === 'function') return 'function';
    if (isProxy(o)) return 'Proxy';
    for (let p = proto(o), n = 0; p !== null && n < 20; n++) {
      if (isProxy(p)) break;
      const c = descriptor(p, 'constructor');
      if (c && typeof c.value === 'function' && !isProxy(c.value)) {
        const name = descriptor(c.value, 'name');
        if (name && typeof name.value === 'string' && name.value) return name.value;
      }
      p = proto(p);
    }
    return Array.isArray(o) ? 'Array' : 'Object';
  }

  function value(v) {
    switch (typeof v) {
      case 'string': return { type: 'string', text: JSON.stringify(cut(v)), length: v.length };
      case 'undefined': return { type: 'undefined', text: 'undefined' };
      case 'number': return { type: 'number', text: Object.is(v, -0) ? '-0' : String(v) };
      case 'bigint': return { type: 'bigint', text: cut(String(v)) + 'n' };
      case 'symbol': return { type: 'symbol', text: String(v) };
      case 'boolean': return { type: 'boolean', text: String(v) };
    }
    if (v === null) return { type: 'null', text: 'null' };
    let id = ids.get(v);
    if (id === undefined) ids.set(v, id = ++last);
    if (!found.has(id)) {
      if (order.length >= maxObjects) { left++; return { type: typeof v, text: className(v) }; }
      found.set(id, v);
      order.push(id);
    }
    return { type: typeof v, ref: id };
  }
  let left = 0;

  // A let or const above its line throws (Node.js 22 and later) or is undefined.
  function inScope(scope, name) {
    try {
      const d = descriptor(scope, name);
      if (d && 'value' in d) return value(d.value);
    } catch {}
    return { type: 'undefined', text: '(not yet set)' };
  }

  const boring = new Set(['length', 'name', 'prototype', 'arguments', 'caller']);
  function describe(id, o) {
    const out = { id, class: className(o), props: [], more: 0 };
    if (isProxy(o)) return out;
    const add = (name, v) => {
      if (out.props.length >= maxProps) { out.more++; return; }
      out.props.push({ name, value: value(v) });
    };
    if (typeof o === 'function') {
      const name = descriptor(o, 'name');
      out.name = name && typeof name.value === 'string' ? name.value : '';
      if (builtin(o)) return out;
    }
    if (ArrayBuffer.isView(o) || o instanceof ArrayBuffer) {
      out.name = o.byteLength + ' bytes';
      return out;
    }
    if (isMap(o)) mapEntries.call(o, (v, k) => { if (isObject(k)) add('key', k); add(isObject(k) ? 'value' : '[' + cut(String(k)) + ']', v); });
    if (isSet(o)) setEntries.call(o, (v) => add('·', v));
    if (Array.isArray(o) && o.length > maxProps) {
      // The keys of a large array would be a larger one.
      for (let i = 0; i < maxProps; i++) {
        const d = descriptor(o, i);
        if (d && 'value' in d) add(String(i), d.value);
      }
      out.more = o.length - out.props.length;
      return out;
    }
    for (const key of keys(o)) {
      if (typeof o === 'function' && boring.has(key)) continue;
      if (Array.isArray(o) && key === 'length') continue;
      if (out.props.length >= maxProps) { out.more++; continue; }
      const d = descriptor(o, key);
      if (d && 'value' in d) add(typeof key === 'symbol' ? String(key) : key, d.value);
    }
    return out;
  }
  const source = Function.prototype.toString;
  function builtin(f) { return /\{\s*\[native code\]\s*\}$/.test(source.call(f)); }

  return {
    // walk describes scopes, given as objects, and what they reach.
    walk(...scopes) {
      const collected = collections.take();
      order = []; found = new Map(); left = 0;
      const variables = scopes.map((scope) => keys(scope).filter((k) => typeof k === 'string' && !wrapper.has(k)).map((name) => {
        return { name, value: inScope(scope, name) };
      }));
      const globals = keys(globalThis).filter((k) => typeof k === 'string' && !baseline.has(k)).map((name) => {
        const d = descriptor(globalThis, name);
        return d && 'value' in d ? { name, value: value(d.value) } : null;
      }).filter(Boolean);
      const objects = [];
      for (let i = 0; i < order.length; i++) objects.push(describe(order[i], found.get(order[i])));
      const result = { variables, globals, objects, left, stage, collections: collected };
      return JSON.stringify(result);
    },
    // handles is the objects of the last walk, for the inspector to number.
    handles() { return order.map((id) => found.get(id)); },
    // forget lets go of them.
    forget() { order = []; found = new Map(); },
    // resume is called last before the program goes on: collections up to the next
    // walk are the program's, not ours.
    resume() { collections.start(); },
  };
})
