// A cache with keys from outside and no limit.
"use strict";
const { serve } = require("../serve.js");

const pages = new Map();
let count = 0;

serve((req, res) => {
  const key = `${req.url}?visitor=${count++}`;
  if (!pages.has(key)) pages.set(key, { html: `<h1>${key}</h1>` });
  res.end(pages.get(key).html);
});
