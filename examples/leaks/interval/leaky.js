// Each request starts an interval and nobody stops it.
"use strict";
const { serve } = require("../serve.js");

function watchRequest(url) {
  const started = { url, at: new Date() };
  setInterval(function reportSlow() {
    if (Date.now() - started.at > 86_400_000) console.log("slow", started.url);
  }, 3_600_000);
}

serve((req, res) => {
  watchRequest(req.url);
  res.end("watched\n");
});
