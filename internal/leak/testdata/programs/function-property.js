// leak: lookup.cache 1 cache without a limit
const { serve } = require("./serve.js");

function lookup(key) {
  lookup.cache[key] ??= { key };
  return lookup.cache[key];
}
lookup.cache = {}; // <- lookup.cache
let count = 0;

serve((req, res) => {
  lookup(`key-${count++}`);
  res.end("ok\n");
});
