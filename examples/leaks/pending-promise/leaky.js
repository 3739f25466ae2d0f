// shutdown never settles, so each then adds a reaction that stays.
"use strict";
const { serve } = require("../serve.js");

const shutdown = new Promise(() => {});

serve((req, res) => {
  const url = req.url;
  shutdown.then(function logShutdown() {
    console.log("shut down after", url);
  });
  res.end("ok\n");
});
