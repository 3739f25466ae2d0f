// One timer, but its callback closes over samples, which nothing empties.
"use strict";
const { serve } = require("../serve.js");

function createSampler() {
  const samples = [];
  setInterval(function flushSamples() {
    if (samples.length > 1_000_000) console.log("many samples");
  }, 3_600_000);
  return function sample(url) {
    samples.push({ url, heap: process.memoryUsage.rss() });
  };
}

serve.sample = createSampler();

serve((req, res) => {
  serve.sample(req.url);
  res.end("sampled\n");
});
