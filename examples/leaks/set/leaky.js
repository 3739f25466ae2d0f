// Tokens go into the set and never out.
"use strict";
const { randomUUID } = require("node:crypto");
const { serve } = require("../serve.js");

const usedTokens = new Set();

serve((req, res) => {
  const token = randomUUID();
  usedTokens.add(token);
  res.end(token);
});
