// leak: render.cache.entries 1 cache without a limit
const { serve } = require("./serve.js");
const { memoize } = require("memo");

const render = memoize((url) => ({ url })); // <- render.cache.entries
let count = 0;

serve((req, res) => {
  res.end(render(`${req.url}?${count++}`).url);
});
