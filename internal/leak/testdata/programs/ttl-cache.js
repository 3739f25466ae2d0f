// healthy
const { serve } = require("./serve.js");

const cache = new Map();
let count = 0;

serve((req, res) => {
  const key = `key-${count++}`;
  cache.set(key, { url: req.url });
  setTimeout(() => cache.delete(key), 10);
  res.end("ok\n");
});
