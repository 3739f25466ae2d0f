// leak: hits 1 cache without a limit
const { serve } = require("./serve.js");

const hits = new Map(); // <- hits
let count = 0;

serve((req, res) => {
  hits.set(`visitor ${count++}`, 1);
  res.end("ok\n");
});
