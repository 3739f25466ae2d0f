// The oldest entry leaves when the cache is full.
"use strict";
const { serve } = require("../serve.js");

const pages = new Map();
const limit = 100;
let count = 0;

serve((req, res) => {
  const key = `${req.url}?visitor=${count++}`;
  if (!pages.has(key)) pages.set(key, { html: `<h1>${key}</h1>` });
  const { html } = pages.get(key);
  if (pages.size > limit) pages.delete(pages.keys().next().value);
  res.end(html);
});
