// The interval ends with the response.
"use strict";
const { serve } = require("../serve.js");

function watchRequest(url) {
  const started = { url, at: new Date() };
  return setInterval(function reportSlow() {
    if (Date.now() - started.at > 86_400_000) console.log("slow", started.url);
  }, 3_600_000);
}

serve((req, res) => {
  const timer = watchRequest(req.url);
  res.on("close", () => clearInterval(timer));
  res.end("watched\n");
});
