// The destroy hook takes out what init has put in.
"use strict";
const { AsyncResource, createHook } = require("node:async_hooks");
const { serve } = require("../serve.js");

const resources = new Map();

createHook({
  init(asyncId, type, triggerAsyncId) {
    if (type === "Job") resources.set(asyncId, { type, triggerAsyncId });
  },
  destroy(asyncId) {
    resources.delete(asyncId);
  },
}).enable();

serve((req, res) => {
  const job = new AsyncResource("Job");
  job.runInAsyncScope(() => res.end(`${resources.size} resources\n`));
  job.emitDestroy();
});
