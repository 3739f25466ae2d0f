// WeakMaps whose keys have short, long and multi-line class names, chains of
// WeakMap entries, WeakRefs and finalizers.
'use strict';
const v8 = require('node:v8');
const prefix = process.argv[2];

function classNamed(name) {
  return {[name]: class { constructor(n) { this.n = {n}; } }}[name];
}
const names = ['Key', 'A key / with slash', 'line\none', 'carriage\rreturn', 'sep\u2028arator', 'q"uote', ') -> value (', ' @12) -> value (x @13) pair in WeakMap (table @7)',
  'L'.repeat(200), 'M'.repeat(600), 'N'.repeat(1100), '日本'.repeat(40), '😀'.repeat(20), ''];
const held = [];
const tables = [new WeakMap(), new WeakMap(), new WeakMap()];
for (const name of names) {
  const K = classNamed(name);
  const V = classNamed(name + 'Value');
  for (let i = 0; i < 20; i++) {
    const key = new K(i);
    for (const t of tables) t.set(key, i % 3 ? new V(i) : {plain: {i}});
    if (i % 2) held.push(key);
    else key.self = key;
  }
}
// A chain: the value of one entry is the key of the next.
const chain = new WeakMap();
let at = {start: true};
held.push(at);
for (let i = 0; i < 200; i++) {
  const next = {link: i, payload: {}};
  chain.set(at, next);
  at = next;
}
// Value refers to its own key; table held by its own value; arrays, functions and symbols as keys.
const loop = new WeakMap();
for (let i = 0; i < 50; i++) {
  const key = i % 2 ? [i] : function key() {};
  loop.set(key, {back: key, table: loop});
  if (i % 4 < 2) held.push(key);
}
let orphan = new WeakMap();
const orphanKey = {orphanKey: true};
held.push(orphanKey);
orphan.set(orphanKey, {lost: {}});
orphan = null;
const set = new WeakSet();
for (let i = 0; i < 30; i++) set.add(held[i]);
const refs = held.slice(0, 30).map(o => new WeakRef(o));
const dropped = Array.from({length: 30}, () => new WeakRef({gone: {}}));
const registry = new FinalizationRegistry(() => {});
for (const o of held.slice(0, 20)) registry.register(o, {holding: 'x'}, o);
class WithPrivate { #a = {}; static brand(o) { return #a in o; } }
const branded = Array.from({length: 10}, () => new WithPrivate());
globalThis.keep = {held, tables, chain, loop, set, refs, dropped, registry, branded, WithPrivate};
v8.writeHeapSnapshot(prefix + '-1.heapsnapshot');
for (let i = 0; i < 40; i++) held.pop();
for (let i = 0; i < 40; i++) tables[0].set({extra: i}, {value: i});
v8.writeHeapSnapshot(prefix + '-2.heapsnapshot');
