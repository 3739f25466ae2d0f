// The listener goes when the response is done.
"use strict";
const { EventEmitter } = require("node:events");
const { serve } = require("../serve.js");

const configuration = new EventEmitter();
configuration.setMaxListeners(0);

serve((req, res) => {
  const url = req.url;
  function onChange() {
    console.log("configuration changed during", url);
  }
  configuration.on("change", onChange);
  res.on("close", () => configuration.off("change", onChange));
  res.end("subscribed\n");
});
