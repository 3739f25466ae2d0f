// healthy
const { serve } = require("./serve.js");

const notes = new WeakMap();

serve((req, res) => {
  notes.set(req, { url: req.url });
  res.end("ok\n");
});
