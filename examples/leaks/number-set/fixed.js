// Only the ids of late are remembered.
"use strict";
const { serve } = require("../serve.js");

let lastId = 0;
const handled = new Set();

serve((req, res) => {
  const id = ++lastId;
  if (!handled.has(id)) handled.add(id);
  if (handled.size > 400) handled.delete(handled.values().next().value);
  res.end(`${handled.size} handled\n`);
});
