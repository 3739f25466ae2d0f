// Allocation tracking through the inspector: from inside the tracked program,
// and from a worker, which tracks the main thread from the outside. With
// stacks (trackAllocations) and without (a timeline of samples only).
'use strict';
const fs = require('node:fs');
const {once} = require('node:events');
const inspector = require('node:inspector');
const {Worker, isMainThread, parentPort, workerData} = require('node:worker_threads');

function session(connect) {
  const s = new inspector.Session();
  s[connect]();
  let file;
  s.on('HeapProfiler.addHeapSnapshotChunk', m => fs.writeSync(file, m.params.chunk));
  const post = (method, params) => new Promise((done, fail) => s.post(method, params, (e, r) => e ? fail(new Error(e.message)) : done(r)));
  const capture = async (method, params, name) => {
    file = fs.openSync(name, 'w');
    await post(method, params);
    fs.closeSync(file);
  };
  return {post, capture};
}

class Ticket { constructor(n) { this.n = {n}; } }
const kept = [];
function makeTickets(n) { for (let i = 0; i < n; i++) kept.push(new Ticket(i)); }
function deepMaker(d, n) { return d ? deepMaker(d - 1, n) : makeTickets(n); }
const arrowMaker = n => { for (let i = 0; i < n; i++) kept.push(['arrow', {i}, 'text ' + i]); };
const anonymous = [function() { kept.push({anonymous: {}}); }, () => kept.push(new Map([[{}, 1]]))];
function closures(n) { for (let i = 0; i < n; i++) kept.push(() => i); }
function work(round) {
  makeTickets(100 * round);
  deepMaker(5, 50);
  arrowMaker(80);
  closures(40);
  for (let i = 0; i < 30; i++) anonymous.forEach(f => f());
  eval('kept.push({fromEval: {}}, class Evil { a = {} })');
  JSON.parse('[{"a": {"b": []}}]'.repeat(1)).forEach(x => kept.push(x));
}

if (!isMainThread) {
  const say = text => new Promise(done => { parentPort.postMessage(text); parentPort.once('message', done); });
  (async () => {
    const {post, capture} = session('connectToMainThread');
    const {prefix} = workerData;
    setInterval(() => {}, 1000);  // an open session alone does not keep a worker alive
    await post('HeapProfiler.enable');
    await post('HeapProfiler.startTrackingHeapObjects', {trackAllocations: true});
    await say('work');
    await capture('HeapProfiler.takeHeapSnapshot', {}, prefix + '-stacks-1.heapsnapshot');
    await say('work');
    await capture('HeapProfiler.stopTrackingHeapObjects', {}, prefix + '-stacks-2.heapsnapshot');
    await post('HeapProfiler.startTrackingHeapObjects', {trackAllocations: false});
    for (let i = 0; i < 4; i++) await say('work');
    await capture('HeapProfiler.stopTrackingHeapObjects', {}, prefix + '-timeline.heapsnapshot');
    await capture('HeapProfiler.takeHeapSnapshot', {captureNumericValue: true, exposeInternals: true}, prefix + '-numbers.heapsnapshot');
    parentPort.postMessage('end');
  })();
} else if (process.argv[3] === 'inside') {
  (async () => {
    const {post, capture} = session('connect');
    const prefix = process.argv[2];
    await post('HeapProfiler.enable');
    await post('HeapProfiler.startTrackingHeapObjects', {trackAllocations: true});
    for (let i = 1; i < 4; i++) work(i);
    await capture('HeapProfiler.stopTrackingHeapObjects', {}, prefix + '-inside.heapsnapshot');
  })();
} else {
  const w = new Worker(__filename, {workerData: {prefix: process.argv[2]}});
  let round = 1;
  w.on('message', m => {
    if (m === 'end') return w.terminate();
    const end = performance.now() + 250;  // pass some sampling ticks of the profiler (50 ms each)
    (function again() {
      work(round);
      if (performance.now() < end) setTimeout(again, 60); else { round++; w.postMessage('go on'); }
    })();
  });
  once(w, 'error').then(([e]) => { throw e; });
}
