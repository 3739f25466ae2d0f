// healthy
const { serve } = require("./serve.js");

const names = ["zlib", "dns", "readline", "tls", "https", "crypto", "stream/promises", "util", "url", "querystring", "worker_threads", "perf_hooks"];
let count = 0;

serve((req, res) => {
  require(`node:${names[count++ % names.length]}`);
  res.end("ok\n");
});
