// A listener per request on an emitter that lives as long as the process.
"use strict";
const { EventEmitter } = require("node:events");
const { serve } = require("../serve.js");

const configuration = new EventEmitter();
configuration.setMaxListeners(0);

serve((req, res) => {
  const url = req.url;
  configuration.on("change", function onChange() {
    console.log("configuration changed during", url);
  });
  res.end("subscribed\n");
});
