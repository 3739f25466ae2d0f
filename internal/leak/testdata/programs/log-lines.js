// leak: lines 1 module variable
const { serve } = require("./serve.js");

const lines = []; // <- lines
let count = 0;

serve((req, res) => {
  lines.push(`${count++} ${req.method} ${req.url}`);
  res.end("ok\n");
});
