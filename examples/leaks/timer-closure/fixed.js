// The timer's callback takes the samples out of the array.
"use strict";
const { serve } = require("../serve.js");

function createSampler() {
  let samples = [];
  setInterval(function flushSamples() {
    samples = [];
  }, 10);
  return function sample(url) {
    samples.push({ url, heap: process.memoryUsage.rss() });
  };
}

serve.sample = createSampler();

serve((req, res) => {
  serve.sample(req.url);
  res.end("sampled\n");
});
