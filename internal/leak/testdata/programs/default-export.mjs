// leak: export-default 1 cache without a limit
import serving from "./serve.js";
import cache from "./default-export-cache.mjs";

let count = 0;

serving.serve((req, res) => {
  cache.set(count++, { url: req.url });
  res.end("ok\n");
});
