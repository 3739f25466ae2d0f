// Small Buffers are cut out of a pool: each of these keeps a whole pool alive,
// together with the scratch data beside it.
"use strict";
const { serve } = require("../serve.js");

const tokens = [];

serve((req, res) => {
  tokens.push(Buffer.from(`token ${tokens.length}`));
  Buffer.from("scratch ".repeat(250)); // the rest of the pool is soon used up
  res.end(`${tokens.length} tokens\n`);
});
