// A count is enough.
"use strict";
const { parentPort } = require("node:worker_threads");

let jobsDone = 0;

parentPort.on("message", ({ id }) => {
  jobsDone++;
  parentPort.postMessage({ id, text: `${jobsDone} jobs done\n` });
});
