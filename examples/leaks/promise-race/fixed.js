// One reaction for the process; a request asks whether it has run.
"use strict";
const { serve } = require("../serve.js");

let stopped = false;
const stopping = new Promise((resolve) => process.once("SIGTERM", resolve));
stopping.then(() => {
  stopped = true;
});

async function answer(url) {
  return `answer to ${url}\n`;
}

serve(async (req, res) => {
  res.end(stopped ? "stopped\n" : await answer(req.url));
});
