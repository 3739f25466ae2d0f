// init puts every asynchronous resource into the map; no destroy hook takes it
// out again.
"use strict";
const { AsyncResource, createHook } = require("node:async_hooks");
const { serve } = require("../serve.js");

const resources = new Map();

createHook({
  init(asyncId, type, triggerAsyncId) {
    if (type === "Job") resources.set(asyncId, { type, triggerAsyncId });
  },
}).enable();

serve((req, res) => {
  const job = new AsyncResource("Job");
  job.runInAsyncScope(() => res.end(`${resources.size} resources\n`));
});
