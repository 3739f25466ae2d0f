// The last titles only, and as strings of their own.
"use strict";
const { serve } = require("../serve.js");

const titles = [];
const limit = 100;

function readDocument(url) {
  return Buffer.alloc(4096, `document ${url} `).toString("latin1");
}

serve((req, res) => {
  const text = readDocument(req.url);
  titles.push(Buffer.from(text.slice(0, 20)).toString());
  if (titles.length > limit) titles.shift();
  res.end(`${titles.length} titles\n`);
});
