// leak: tenants[x] 1 cache without a limit
const { serve } = require("./serve.js");

const tenants = new Map([["a", new Map()]]); // <- tenants[x]
let count = 0;

serve((req, res) => {
  tenants.get("a").set(count++, { url: req.url });
  res.end("ok\n");
});
