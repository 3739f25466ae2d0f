// leak: results 1 cache without a limit
const { serve } = require("./serve.js");

function memoize(fn) {
  const results = new Map(); // <- results
  return (key) => {
    if (!results.has(key)) results.set(key, fn(key));
    return results.get(key);
  };
}

const render = memoize((key) => ({ key }));
let count = 0;

serve((req, res) => {
  res.end(render(`page-${count++}`).key);
});
