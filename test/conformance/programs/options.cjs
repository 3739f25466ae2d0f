// The options of a capture: numeric values, the engine's internals, both.
'use strict';
const v8 = require('node:v8');
const prefix = process.argv[2];
class Point { constructor(i) { this.x = i; this.y = i + 0.5; this.flag = i % 2 === 0; this.name = 'p' + i; } }
globalThis.keep = {
  points: Array.from({length: 200}, (_, i) => new Point(i)),
  plain: Array.from({length: 100}, (_, i) => ({a: i, b: {i}, c: null, d: undefined, e: true, f: -1.5 * i})),
  doubles: Array.from({length: 50}, (_, i) => i + 0.5), big: [2 ** 31, -(2 ** 31), 2 ** 53, NaN, -0, Infinity],
  long: Array.from({length: 4}, (_, i) => Buffer.from('L'.repeat(1100) + i % 2).toString('latin1')),
  same: Array.from({length: 6}, () => Buffer.from('S'.repeat(1500)).toString('latin1')),
  weak: new WeakMap(), key: {key: 1}, map: new Map([[1, {}], [{}, 2]]), timer: setTimeout(() => {}, 1e8),
};
keep.weak.set(keep.key, {value: 1});
v8.writeHeapSnapshot(prefix + '-1none.heapsnapshot');
v8.writeHeapSnapshot(prefix + '-2numbers.heapsnapshot', {exposeNumericValues: true});
v8.writeHeapSnapshot(prefix + '-3internals.heapsnapshot', {exposeInternals: true});
keep.plain.push({a: 1, z: {}}, {a: 2, z: {}});
v8.writeHeapSnapshot(prefix + '-4both.heapsnapshot', {exposeInternals: true, exposeNumericValues: true});
clearTimeout(keep.timer);
