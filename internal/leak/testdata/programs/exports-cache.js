// leak: cache 1 cache without a limit
const { serve } = require("./serve.js");

exports.cache = new Map(); // <- cache
let count = 0;

serve((req, res) => {
  exports.cache.set(`key-${count++}`, { url: req.url });
  res.end("ok\n");
});
