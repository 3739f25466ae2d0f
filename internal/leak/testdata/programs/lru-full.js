// healthy
const { serve } = require("./serve.js");

const pages = new Map();
const limit = 50;
let count = 0;

serve((req, res) => {
  pages.set(`page-${count++}`, { html: req.url });
  if (pages.size > limit) pages.delete(pages.keys().next().value);
  res.end("ok\n");
});
