// leak: globalThis.registry 1 global variable
const { serve } = require("./serve.js");

globalThis.registry = new Map(); // <- globalThis.registry
let count = 0;

serve((req, res) => {
  registry.set(count++, { url: req.url });
  res.end("ok\n");
});
