'use strict';
// A worker thread with a heap of its own.
const { Worker, isMainThread } = require('worker_threads');
if (isMainThread) {
  new Worker(__filename).on('message', (m) => console.log(m));
} else {
  globalThis.onlyInWorker = Array.from({ length: 1000 }, (_, i) => ({ onlyInWorker: i }));
  require('worker_threads').parentPort.postMessage('worker ready');
  setInterval(() => {}, 1000);
}
