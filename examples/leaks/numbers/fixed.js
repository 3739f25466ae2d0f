// The last thousand durations are enough for percentiles.
"use strict";
const { serve } = require("../serve.js");

const durations = new Float64Array(1000);
let measured = 0;

serve((req, res) => {
  const started = performance.now();
  res.on("finish", () => {
    durations[measured++ % durations.length] = performance.now() - started;
  });
  res.end(`${measured} requests measured\n`);
});
