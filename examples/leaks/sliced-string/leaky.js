// 20 letters of a long text are a view of it: they keep all of it alive.
"use strict";
const { serve } = require("../serve.js");

const titles = [];

function readDocument(url) {
  return Buffer.alloc(4096, `document ${url} `).toString("latin1");
}

serve((req, res) => {
  const text = readDocument(req.url);
  titles.push(text.slice(0, 20));
  if (titles.length > 100_000) titles.shift();
  res.end(`${titles.length} titles\n`);
});
