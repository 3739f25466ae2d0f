// A program for Bun: the same, and text beyond ASCII, which Bun writes as is.
import fs from 'node:fs';
class Account { #pin = {digits: [1, 2, 3]}; constructor(n) { this.owner = {n}; } }
globalThis.keep = {
  accounts: Array.from({length: 50}, (_, i) => new Account(i)),
  closures: Array.from({length: 20}, (_, i) => () => i),
  texts: Array.from({length: 40}, (_, i) => ['text', i % 4, '日本 😀'].join(' ')),
  '日本 😀 é': {'naïve': []}, symbol: Symbol('日本'),
  weak: new WeakMap([[{}, 1]]), map: new Map([[{}, {}]]), bytes: new Uint8Array(5000),
};
fs.writeFileSync(process.argv[2] + '-1.heapsnapshot', Bun.generateHeapSnapshot('v8'));
for (let i = 0; i < 50; i++) keep.accounts.push(new Account(i));
fs.writeFileSync(process.argv[2] + '-2.heapsnapshot', Bun.generateHeapSnapshot('v8'));
