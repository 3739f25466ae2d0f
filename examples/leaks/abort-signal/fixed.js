// The listener goes when the response is done.
"use strict";
const { setMaxListeners } = require("node:events");
const { serve } = require("../serve.js");

const stopping = new AbortController();
setMaxListeners(0, stopping.signal);

serve((req, res) => {
  const url = req.url;
  function onAbort() {
    console.log("stopped during", url);
  }
  stopping.signal.addEventListener("abort", onAbort);
  res.on("close", () => stopping.signal.removeEventListener("abort", onAbort));
  res.end("ok\n");
});
