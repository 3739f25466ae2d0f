// leak: frames 1 memory outside the heap
const { serve } = require("./serve.js");

const frames = []; // <- frames

serve((req, res) => {
  frames.push(new Float64Array(1024).fill(req.url.length));
  res.end("ok\n");
});
