// Closures, timers, listeners, symbols, bigints, typed arrays, buffers,
// collections, errors, promises, async context, generators, proxies, modules,
// contexts (vm) and a worker that writes its own snapshot.
'use strict';
const v8 = require('node:v8');
const vm = require('node:vm');
const {EventEmitter} = require('node:events');
const {AsyncLocalStorage, AsyncResource} = require('node:async_hooks');
const {Worker, isMainThread, parentPort, workerData, MessageChannel} = require('node:worker_threads');
const prefix = isMainThread ? process.argv[2] : workerData.prefix;

function counter(start) {
  let count = start;
  const big = new Array(50).fill({start});
  const unused = {never: 'used', start};
  function bump() { return ++count; }
  function reader() { return big.length; }
  { const inner = {block: start}; bump.inner = () => inner; }
  return eval('(() => [count, unused])') && {bump, reader};
}
class Shape { static registry = new Map(); static { this.registry.set('x', new this()); } area = () => this; }

const keep = {};
keep.counters = Array.from({length: 40}, (_, i) => counter(i));
keep.loops = []; for (let i = 0; i < 20; i++) { const v = {i}; keep.loops.push(() => v.i + i); }
keep.bound = keep.loops.map(f => f.bind({self: 1}, {arg: 2}));
keep.emitter = new EventEmitter().setMaxListeners(0);
for (let i = 0; i < 40; i++) { const load = {n: i}; keep.emitter.on('e' + i % 3, function handler() { return load; }); }
keep.timers = Array.from({length: 20}, (_, i) => { const p = {i}; return setTimeout(() => p, 1e8 + i); });
keep.intervals = Array.from({length: 5}, (_, i) => setInterval(() => i, 1e8));
keep.symbols = Array.from({length: 30}, (_, i) => Symbol('sym' + i % 5));
keep.bigints = Array.from({length: 30}, (_, i) => 2n ** BigInt(i * 20) + 1n);
keep.numbers = Array.from({length: 30}, (_, i) => ({d: i + 0.25, n: -i, h: 2 ** 40 + i, inf: Infinity, nan: NaN, zero: -0}));
keep.doubles = Array.from({length: 500}, (_, i) => i / 3);
keep.holey = []; keep.holey[500] = {}; keep.holey[1e6] = {far: 1};
keep.typed = [Int8Array, Uint8ClampedArray, Int16Array, Uint32Array, Float32Array, Float64Array, BigInt64Array].map((T, i) => new T(100 * (i + 1)));
keep.shared = new SharedArrayBuffer(4096);
keep.resizable = new ArrayBuffer(100, {maxByteLength: 10000});
keep.views = [new DataView(new ArrayBuffer(64)), new Uint8Array(new ArrayBuffer(1 << 16), 8, 16)];
keep.twoViews = (b => [new Uint8Array(b), new Float64Array(b)])(new ArrayBuffer(8000));
keep.buffers = [Buffer.alloc(100000), Buffer.from('small'), Buffer.allocUnsafe(50), Buffer.alloc(4000).subarray(10, 20)];
keep.maps = Array.from({length: 20}, (_, i) => new Map(Array.from({length: i * 3}, (_, j) => [{k: j}, {v: j}])));
keep.sets = Array.from({length: 10}, (_, i) => new Set(Array.from({length: i * 3}, (_, j) => 'member' + j)));
keep.arrays = Array.from({length: 30}, (_, i) => new Array(i).fill(0).map((_, j) => [j, {j}]));
keep.sameElements = [keep.arrays, keep.arrays];
keep.dates = [new Date(0), new Date(NaN)];
keep.errors = Array.from({length: 10}, (_, i) => new (i % 2 ? TypeError : Error)('wrong ' + i, {cause: {i}}));
keep.aggregate = new AggregateError([new Error('a'), new RangeError('b')], 'many');
try { null.x; } catch (e) { keep.caught = e; }
keep.promises = [Promise.resolve({}), new Promise(() => {}), Promise.all([new Promise(() => {}), 1]), Promise.race([new Promise(() => {})])];
for (let i = 0; i < 20; i++) keep.promises[1].then(() => i, () => ({i}));
keep.async = Array.from({length: 10}, async (_, i) => { const local = {i}; await keep.promises[1]; return local; });
const store = new AsyncLocalStorage();
keep.contexts = Array.from({length: 10}, (_, i) => store.run({request: i}, () => new AsyncResource('R' + i)));
store.run({in: 'timer'}, () => keep.timers.push(setTimeout(() => store.getStore(), 1e8)));
keep.generators = [function* () { const local = {g: 1}; yield local; }, async function* () { yield {}; }].map(g => { const it = g(); it.next(); return it; });
keep.proxies = [new Proxy({t: 1}, {get() { return 1; }}), new Proxy(function() {}, {})];
keep.iterators = [keep.maps[3].entries(), [1, 2][Symbol.iterator](), 'str'[Symbol.iterator](), 'aXb'.matchAll(/X/g)];
keep.boxed = [Object(1), Object('boxed'), Object(true), Object(Symbol('b')), Object(5n)];
keep.args = (function() { return arguments; })({a: 1}, [2]);
keep.sloppy = new Function('a', 'b', 'return arguments')({a: 1}, 2);
keep.regexps = [/one/g, new RegExp('two(.)', 'd')]; keep.regexps[1].exec('two3');
keep.intl = [new Intl.NumberFormat('en'), new Intl.Collator('en')];
keep.vm = [vm.createContext({name: 'sandbox', value: {}}), vm.createContext({})];
vm.runInContext('var made = {inside: [1, {}]}; class Inside { x = {} }; var list = [new Inside(), new Inside()]; function f() { return made }', keep.vm[0]);
keep.script = new vm.Script('globalThis.fromScript = {a: {}}', {filename: 'inline.js'}); keep.script.runInContext(keep.vm[1]);
keep.channel = new MessageChannel(); keep.channel.port1.unref(); keep.channel.port2.unref();
keep.shape = Shape;
keep.cycle = {name: 'cycle'}; keep.cycle.me = keep.cycle; keep.cycle.pair = {back: keep.cycle};
let list = null; for (let i = 0; i < 3000; i++) list = {next: list, i};
keep.list = list;
keep.abort = new AbortController(); for (let i = 0; i < 10; i++) keep.abort.signal.addEventListener('abort', () => i);
keep.url = new URL('http://example.test/a?b=c#d'); keep.url.searchParams.get('b');
keep.text = new TextDecoder(); keep.structured = structuredClone({deep: [new Map([[1, {}]])]});
try {
  keep.wasm = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1, 7, 5, 1, 1, 102, 0, 0, 10, 4, 1, 2, 0, 11)));
} catch { /* no wasm here */ }
globalThis.keep = keep;

function finish() {
  for (const t of [...keep.timers, ...keep.intervals]) clearTimeout(t);
}
if (!isMainThread) {
  v8.writeHeapSnapshot(prefix + '-worker.heapsnapshot');
  finish();
  parentPort.postMessage('done');
} else {
  keep.worker = new Worker(__filename, {workerData: {prefix}});
  keep.worker.on('message', () => {
    v8.writeHeapSnapshot(prefix + '-1.heapsnapshot');
    keep.counters.length = 5;
    for (let i = 0; i < 30; i++) { const n = {added: i}; keep.emitter.on('new', () => n); keep.maps[0].set('k' + i, {n}); }
    v8.writeHeapSnapshot(prefix + '-2.heapsnapshot');
    finish();
  });
}
