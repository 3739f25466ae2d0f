// Tokens expire.
"use strict";
const { randomUUID } = require("node:crypto");
const { serve } = require("../serve.js");

const usedTokens = new Set();

serve((req, res) => {
  const token = randomUUID();
  usedTokens.add(token);
  setTimeout(() => usedTokens.delete(token), 20);
  res.end(token);
});
