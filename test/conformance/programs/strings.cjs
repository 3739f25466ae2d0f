// Every kind of string V8 has: flat, cons, sliced, external, thin, one and two
// byte, beyond the Basic Multilingual Plane, lone surrogates, NUL, quotes,
// and duplicates of all of them.
'use strict';
const v8 = require('node:v8');
const fs = require('node:fs');
const prefix = process.argv[2];

const fresh = s => Buffer.from(s, 'utf16le').toString('utf16le');  // a new flat copy each time
const texts = ['plain', 'quote " and \\ backslash', "single ' quote", 'new\nline', 'carriage\rreturn', 'tab\t', 'nul\0inside', '\0', '\x01\x02\x1f\x7f',
  'é latin one', '日本語', '😀 emoji', '𝒳 math', '𠮷 han', '\ud83d', '\ude00', 'a\ud800b', '\udc00\ud800', '\u2028\u2029', '\ufeff bom', '\uffff\ufffe',
  '\uf600', '\ue000 private', '<script>&amp;</script>', '{"json": [1, 2]}', ',', '', ' ', ']', '"strings":[', '"nodes":[1,2,3],', '1024', '-0'];
const out = {};
out.duplicates = texts.flatMap(t => Array.from({length: 4}, () => fresh(t + ' repeated')));
out.twice = texts.flatMap(t => [fresh(t), fresh(t)]);
out.cons = [];
for (let i = 0; i < 60; i++) {
  let s = 'head ' + i + ' ';
  for (let j = 0; j < i; j++) s += texts[j % texts.length] + (i * j);
  out.cons.push(s);
}
let deep = 'deep';
for (let i = 0; i < 3000; i++) deep += String(i);
out.deepCons = deep;
let left = 'left';
for (let i = 0; i < 500; i++) left = texts[i % texts.length] + i + left;
out.leftCons = left;
out.sameCons = Array.from({length: 5}, () => ['the same', 'cons string', 'made of parts'].join(' ') + ' ' + fresh('tail tail tail'));
out.flattened = Array.from({length: 5}, (_, i) => { const s = 'flatten this one please ' + fresh('now then') + i % 2; s.charCodeAt(3); return s; });
const parent = fresh('abcdefghijklmnopqrstuvwxyz'.repeat(50));
const wide = fresh('日本語テキスト😀'.repeat(80));
out.sliced = Array.from({length: 40}, (_, i) => parent.slice(i, i + 20 + i));
out.slicedWide = Array.from({length: 40}, (_, i) => wide.slice(i, i + 20 + i));
out.sameSlices = Array.from({length: 6}, () => parent.slice(5, 40));
out.external = [fs.readFileSync(__filename, 'latin1').repeat(300), Buffer.alloc(1 << 20, 'z').toString('latin1'), Buffer.alloc(1 << 20, 'yz').toString('utf16le')];
out.long = [1023, 1024, 1025, 2000, 5000].flatMap(n => [fresh('n'.repeat(n)), fresh('n'.repeat(n)), fresh('é'.repeat(n)), fresh('日'.repeat(n))]);
out.longDifferentTails = Array.from({length: 10}, (_, i) => fresh('T'.repeat(1024) + 'tail' + i % 3));
out.emojiAtTheCut = [1020, 1021, 1022, 1023, 1024].map(n => fresh('e'.repeat(n) + '😀😀'));
out.internalized = Object.fromEntries(texts.map((t, i) => [t + i, {t}]));
out.numbers = Array.from({length: 50}, (_, i) => String(i * 1000));
out.symbols = texts.map(t => Symbol(t));
out.regexps = [/a+b/gi, /"quoted"\//, /日本/u, new RegExp('x\ny'), new RegExp('😀', 'u')];
out.template = texts.map(t => `<${t}>`);
out.words = Array.from({length: 300}, (_, i) => fresh('word' + i % 7));
globalThis.out = out;
v8.writeHeapSnapshot(prefix + '-1.heapsnapshot');
out.words.push(...Array.from({length: 100}, (_, i) => fresh('later' + i % 5)));
out.sliced.length = 10;
out.duplicates.length = 20;
v8.writeHeapSnapshot(prefix + '-2.heapsnapshot');
