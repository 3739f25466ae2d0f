// What starts inside run keeps the store: a timer nobody clears keeps it long.
"use strict";
const { AsyncLocalStorage } = require("node:async_hooks");
const { serve } = require("../serve.js");

const requestStorage = new AsyncLocalStorage();

function scheduleAudit() {
  setTimeout(auditLater, 3_600_000);
}

function auditLater() {
  console.log("audit", requestStorage.getStore().url);
}

serve((req, res) => {
  requestStorage.run({ url: req.url, notes: new Array(10).fill(req.method) }, () => {
    scheduleAudit();
    res.end("ok\n");
  });
});
