// Class names that look like V8's own, names with odd characters, and plain
// objects of many shapes.
'use strict';
const v8 = require('node:v8');
const prefix = process.argv[2];

function named(name, body = class {}) {
  Object.defineProperty(body, 'name', {value: name});
  return body;
}
// V8 takes the name of an object from its constructor function's own name, so
// the class is compiled with it where the grammar allows, and else renamed.
const Function2 = {Function: class Function { constructor() { this.here = {}; } }}.Function;
const RegExp2 = {RegExp: class RegExp { constructor() { this.here = /x/; } }}.RegExp;
const Object2 = {Object: class Object { constructor() { this.fake = []; } }}.Object;
const Array2 = {Array: class Array { constructor() { this.fake = []; } }}.Array;
const tricky = ['(system)', '(compiled code)', '(string)', '(array)', '<div>', '<div id="a">', '<div', 'Detached X',
  'Detached <p>', 'Detached <p class="q r">', 'Detached ', 'a,b', "it's", 'say "x"', '{a, b}', '{}', 'line\nbreak', 'tab\there',
  '5', ',5', '1,2,3,X', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'é', '日本', '😀', '\u2028', 'x'.repeat(300),
  'system / Context', 'system / NativeContext', 'V8EventListener', 'Array', 'Map', ''];

class Private {
  #number = 1.5;
  #object = {deep: {er: []}};
  static #count = 0;
  static #all = new Set();
  #method() { return this.#object; }
  get #thing() { return this.#method(); }
  constructor() { Private.#count++; Private.#all.add(this); }
  use() { return [this.#thing, this.#number]; }
}
class Base { base = {kind: 'base'}; }
class Derived extends Base { own = [1, 2, {}]; }
class Other extends Derived { other = new Map([[{}, {}]]); }

const keep = {
  fn: Array.from({length: 20}, () => new Function2()),
  re: Array.from({length: 20}, () => new RegExp2()),
  ob: Array.from({length: 20}, () => new Object2()),
  ar: Array.from({length: 20}, () => new Array2()),
  tricky: tricky.map(name => {
    const C = named(name, class { constructor() { this.value = {}; } });
    return Array.from({length: 5}, () => new C());
  }),
  byFunction: tricky.map(name => {
    const C = {[name]: function() { this.v = {}; }}[name];
    return [new C(), new C(), new C()];
  }),
  private: Array.from({length: 50}, () => new Private()),
  derived: Array.from({length: 30}, () => [new Base(), new Derived(), new Other()]),
  anonymous: Array.from({length: 10}, () => new (class { v = {}; })()),
  nullProto: Array.from({length: 10}, () => Object.assign(Object.create(null), {a: {}, b: []})),
  fakeProto: Array.from({length: 10}, () => ({__proto__: {inherited: {}}, mine: {}})),
  ownProto: Array.from({length: 10}, () => JSON.parse('{"__proto__": {"x": []}, "y": {}}')),
};

const odd = ['a,b', "q'q", 'd"d', '{', '}', 'new\nline', '\r', '\t', '\b\f\v', '\u2028', '\u0001', 'é', '日本語', '😀', '\ud800', '\udfff x',
  '', ' ', '0', '10', '-1', '1.5', 'constructor', 'toString', 'back\\slash', 'both\\"', 'ends,', '__proto__x', 'n'.repeat(130)];
keep.shapes = [];
for (let i = 0; i < odd.length; i++) {
  for (let j = 0; j < 5; j++) {
    keep.shapes.push({[odd[i]]: {}}, {[odd[i]]: [], plain: {}}, {plain: {}, [odd[i]]: {}, [odd[(i + 7) % odd.length]]: []});
  }
}
for (let i = 0; i < 40; i++) {  // many properties: cut names, supersets of other shapes
  const o = {};
  for (let j = 0; j <= i; j++) o['property' + String.fromCharCode(97 + j % 26) + j] = {};
  keep.shapes.push(o, {...o}, {...o, last: {}});
}
for (let i = 0; i < 30; i++) {
  keep.shapes.push({x: {}, y: {}}, {y: {}, x: {}}, {x: {}, y: {}, z: {}}, {z: {}, y: {}}, {smi: i, d: i + 0.5, s: 'str' + i}, {});
}
const big = {};
for (let i = 0; i < 2000; i++) big['key' + i] = {i};
keep.dictionary = big;
keep.frozen = Object.freeze({a: {}, b: Object.seal([{}])});
keep.accessors = {get a() { return keep; }, set a(v) {}, b: {}};
keep.symbols = {[Symbol('one')]: {}, [Symbol.iterator]: function* () {}, [Symbol.for('shared')]: []};
globalThis.keep = keep;
v8.writeHeapSnapshot(prefix + '-1.heapsnapshot');
// For the comparison: some objects change class, some shapes appear, some go.
keep.tricky.length = 20;
keep.shapes.splice(0, 200);
for (let i = 0; i < 50; i++) keep.shapes.push({fresh: {}, shape: {i: {}}}, {a: {}, ['new,' + i % 3]: {}});
keep.fn.push(...Array.from({length: 7}, () => new Function2()));
keep.private.length = 10;
v8.writeHeapSnapshot(prefix + '-2.heapsnapshot');
