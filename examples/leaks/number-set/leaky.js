// Ids that were handled once are never forgotten.
"use strict";
const { serve } = require("../serve.js");

let lastId = 0;
const handled = new Set();

serve((req, res) => {
  const id = ++lastId;
  if (!handled.has(id)) handled.add(id);
  res.end(`${handled.size} handled\n`);
});
