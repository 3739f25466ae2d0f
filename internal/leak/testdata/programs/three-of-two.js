// leak: parts 1.5 module variable
const { serve } = require("./serve.js");

const parts = []; // <- parts
let count = 0;

serve((req, res) => {
  parts.push({ url: req.url });
  if (count++ % 2) parts.push({ url: "half" });
  res.end("ok\n");
});
