// A static field lives as long as its class, and the class as its module.
"use strict";
const { serve } = require("../serve.js");

class Metrics {
  static samples = [];

  static record(url) {
    Metrics.samples.push({ url, at: new Date() });
  }
}

serve((req, res) => {
  Metrics.record(req.url);
  res.end("measured\n");
});
