// Three leaks at once: a list, a cache and listeners.
"use strict";
const { EventEmitter } = require("node:events");
const { serve } = require("../serve.js");

const requestLog = [];
const renderedPages = new Map();
const shutdown = new EventEmitter();
shutdown.setMaxListeners(0);

serve((req, res) => {
  const number = requestLog.length;
  requestLog.push({ url: req.url, at: new Date() });
  renderedPages.set(`${req.url}?visit=${number}`, { html: `<h1>${number}</h1>` });
  shutdown.on("stop", function cancelRequest() {
    console.log("cancelled", number);
  });
  res.end(`${number}\n`);
});
