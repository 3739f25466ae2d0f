// A program for Deno: plain objects, classes, closures, strings.
import v8 from 'node:v8';
class Account { #pin = {digits: [1, 2, 3]}; constructor(n) { this.owner = {n}; } }
globalThis.keep = {
  accounts: Array.from({length: 50}, (_, i) => new Account(i)),
  closures: Array.from({length: 20}, (_, i) => () => i),
  texts: Array.from({length: 40}, (_, i) => ['text', i % 4, '日本 😀'].join(' ')),
  weak: new WeakMap([[{}, 1]]), map: new Map([[{}, {}]]), bytes: new Uint8Array(5000),
};
v8.writeHeapSnapshot(Deno.args[0] + '-1.heapsnapshot');
for (let i = 0; i < 50; i++) keep.accounts.push(new Account(i));
v8.writeHeapSnapshot(Deno.args[0] + '-2.heapsnapshot');
