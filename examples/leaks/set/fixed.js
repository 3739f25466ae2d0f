// A token is forgotten when newer ones have taken its place.
"use strict";
const { randomUUID } = require("node:crypto");
const { serve } = require("../serve.js");

const usedTokens = new Set();
const limit = 100;

serve((req, res) => {
  const token = randomUUID();
  usedTokens.add(token);
  if (usedTokens.size > limit) usedTokens.delete(usedTokens.values().next().value);
  res.end(token);
});
