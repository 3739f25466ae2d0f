// A limit for the list and for the cache; the listener goes with the response.
"use strict";
const { EventEmitter } = require("node:events");
const { serve } = require("../serve.js");

const requestLog = [];
const renderedPages = new Map();
const limit = 100;
const shutdown = new EventEmitter();
shutdown.setMaxListeners(0);
let number = 0;

serve((req, res) => {
  number++;
  requestLog.push({ url: req.url, at: new Date() });
  if (requestLog.length > limit) requestLog.shift();
  renderedPages.set(`${req.url}?visit=${number}`, { html: `<h1>${number}</h1>` });
  if (renderedPages.size > limit) renderedPages.delete(renderedPages.keys().next().value);
  function cancelRequest() {
    console.log("cancelled", req.url);
  }
  shutdown.on("stop", cancelRequest);
  res.on("close", () => shutdown.off("stop", cancelRequest));
  res.end(`${number}\n`);
});
