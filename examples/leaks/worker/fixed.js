// The main thread hands each request to a worker, which has a heap of its own.
"use strict";
const path = require("node:path");
const { Worker } = require("node:worker_threads");
const { serve } = require("../serve.js");

const worker = new Worker(path.join(__dirname, "fixed-worker.js"));
const waiting = new Map();
let count = 0;

worker.on("message", ({ id, text }) => {
  waiting.get(id).end(text);
  waiting.delete(id);
});

serve((req, res) => {
  const id = count++;
  waiting.set(id, res);
  worker.postMessage({ id, url: req.url });
});
