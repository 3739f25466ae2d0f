// Every job stays in the list of jobs done.
"use strict";
const { parentPort } = require("node:worker_threads");

const jobsDone = [];

parentPort.on("message", ({ id, url }) => {
  jobsDone.push({ id, url });
  parentPort.postMessage({ id, text: `${jobsDone.length} jobs done\n` });
});
