// healthy
const { serve } = require("./serve.js");

const cache = new Map();
const registry = new FinalizationRegistry((key) => cache.delete(key));
let count = 0;

serve((req, res) => {
  const key = `key-${count++}`;
  const page = { key };
  cache.set(key, new WeakRef(page));
  registry.register(page, key);
  res.end(page.key);
});
