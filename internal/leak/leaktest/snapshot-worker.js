// On SIGUSR2, write a heap snapshot of the program's first worker thread.
"use strict";
const { once } = require("node:events");
const fs = require("node:fs");
const path = require("node:path");
const threads = require("node:worker_threads");

let worker;
let online;
let count = 0;

threads.Worker = class extends threads.Worker {
  constructor(...args) {
    super(...args);
    worker ??= this;
    online ??= once(this, "online");
  }
};

process.on("SIGUSR2", async () => {
  await online;
  const file = path.join(__dirname, `Heap.${count++}.heapsnapshot`);
  (await worker.getHeapSnapshot()).pipe(fs.createWriteStream(file, { mode: 0o600 }));
});
