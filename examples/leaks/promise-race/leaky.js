// Each race adds a reaction to stopping, which settles only at the very end.
"use strict";
const { serve } = require("../serve.js");

const stopping = new Promise((resolve) => process.once("SIGTERM", () => resolve("stopped\n")));

async function answer(url) {
  return `answer to ${url}\n`;
}

serve(async (req, res) => {
  res.end(await Promise.race([answer(req.url), stopping]));
});
