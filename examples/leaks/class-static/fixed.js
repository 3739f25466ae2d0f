// A sum per address instead of every sample.
"use strict";
const { serve } = require("../serve.js");

class Metrics {
  static counts = { total: 0, root: 0 };

  static record(url) {
    Metrics.counts.total++;
    if (url === "/") Metrics.counts.root++;
  }
}

serve((req, res) => {
  Metrics.record(req.url);
  res.end("measured\n");
});
