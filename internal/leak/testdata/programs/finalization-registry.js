// healthy
const { serve } = require("./serve.js");

const registry = new FinalizationRegistry(() => {});

serve((req, res) => {
  registry.register({ url: req.url }, req.url);
  res.end("ok\n");
});
