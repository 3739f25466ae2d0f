// The last tokens only, and outside the pool.
"use strict";
const { serve } = require("../serve.js");

const tokens = [];
const limit = 100;
let count = 0;

serve((req, res) => {
  const text = `token ${count++}`;
  const token = Buffer.alloc(text.length);
  token.write(text);
  tokens.push(token);
  if (tokens.length > limit) tokens.shift();
  res.end(`${count} tokens\n`);
});
