// A listener per request on a signal that never fires.
"use strict";
const { setMaxListeners } = require("node:events");
const { serve } = require("../serve.js");

const stopping = new AbortController();
setMaxListeners(0, stopping.signal);

serve((req, res) => {
  const url = req.url;
  stopping.signal.addEventListener("abort", function onAbort() {
    console.log("stopped during", url);
  });
  res.end("ok\n");
});
