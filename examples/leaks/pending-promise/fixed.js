// One reaction for the process; requests do not add their own.
"use strict";
const { serve } = require("../serve.js");

const shutdown = new Promise(() => {});
let lastURL = "";
shutdown.then(function logShutdown() {
  console.log("shut down after", lastURL);
});

serve((req, res) => {
  lastURL = req.url;
  res.end("ok\n");
});
