// The audit runs outside the request's store and only once.
"use strict";
const { AsyncLocalStorage } = require("node:async_hooks");
const { serve } = require("../serve.js");

const requestStorage = new AsyncLocalStorage();
let lastURL = "";

setInterval(() => console.log("audit", lastURL), 3_600_000);

serve((req, res) => {
  requestStorage.run({ url: req.url, notes: new Array(10).fill(req.method) }, () => {
    lastURL = requestStorage.getStore().url;
    res.end("ok\n");
  });
});
