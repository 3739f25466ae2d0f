// Every duration is kept for the percentiles. Numbers are no objects.
"use strict";
const { serve } = require("../serve.js");

const durations = [];

serve((req, res) => {
  const started = performance.now();
  res.on("finish", () => durations.push(performance.now() - started));
  res.end(`${durations.length} requests measured\n`);
});
