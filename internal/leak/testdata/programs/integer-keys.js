// leak: byNumber 1 cache without a limit
const { serve } = require("./serve.js");

const byNumber = {}; // <- byNumber
let count = 0;

serve((req, res) => {
  byNumber[count++] = { url: req.url };
  res.end("ok\n");
});
